import type { ProjectFile, ProjectSettings } from './manager.ts';

/** The packages that a project installs from the registry, in exact versions. A test compares them with ours. */
const dependencies = { graphql: '16.15.0', node: '24.21.0' };
const devDependencies = {
  '@graphql-codegen/cli': '7.4.3',
  '@graphql-codegen/typescript': '6.1.0',
  '@graphql-codegen/typescript-resolvers': '6.1.0',
  '@types/node': '24.10.1',
  typescript: '7.0.2',
};

/** The names of the packages that a project depends on, besides those of Claimgate. */
export const projectDependencies: readonly string[] = Object.keys({ ...dependencies, ...devDependencies });

/**
 * Runs the command in this project with the variables of `.env`. With `exec`, it takes the place of the shell. Otherwise
 * the package manager would send SIGTERM to the shell only, and the server would keep running.
 */
const claimgate = 'exec node --env-file-if-exists=.env node_modules/claimgate-server/lib/main.js';

/** The scripts of a project. */
export const scripts: Readonly<Record<string, string>> = {
  dev: `${claimgate} dev`,
  start: `${claimgate} start`,
  claimgate,
  'sign-in': `${claimgate} sign-in`,
  generate: 'graphql-codegen --config codegen.yml',
  check: `graphql-codegen --config codegen.yml && tsc --noEmit && ${claimgate} check`,
  test: "node --test 'test/**/*.test.ts'",
};

/**
 * Makes the `package.json` of a project. Node.js itself is a dependency. Therefore any Node.js that runs the package
 * manager is enough.
 *
 * @param present - the members of a `package.json` that exists. They stay, except for what the project needs
 */
export function manifestOf(settings: ProjectSettings, present: Readonly<Record<string, unknown>> = {}): ProjectFile {
  const { name, manager, packages } = settings;
  const merged = (key: string, added: Readonly<Record<string, string>>, own: 'wins' | 'loses') => {
    const before = asRecord(present[key]);
    return own === 'wins' ? { ...added, ...before } : { ...before, ...added };
  };
  const manifest = {
    name,
    private: true,
    ...Object.fromEntries(Object.entries(present).filter(([member]) => member !== 'name')),
    type: 'module',
    engines: { ...asRecord(present['engines']), node: '>=24.9.0' },
    scripts: merged('scripts', scripts, 'wins'),
    dependencies: merged('dependencies', { ...packages, ...dependencies }, 'loses'),
    devDependencies: merged('devDependencies', devDependencies, 'wins'),
    // Package managers run scripts of a dependency only if it is named. This script fetches the program of Node.js.
    ...(manager === 'npm'
      ? { allowScripts: { node: true } }
      : // The names are not in a registry.
        { pnpm: { overrides: packages, onlyBuiltDependencies: ['node'] } }),
  };
  return ['package.json', `${JSON.stringify(manifest, null, 2)}\n`];
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
