/**
 * Writes the generated files: `schema/auth.graphql`, the enums of the audit trail, the list of migrations, and the
 * generated parts of every Markdown file. With `--check`, it writes nothing and fails if a file differs or a Markdown
 * file has a fault.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { auditEventKinds, auditOutcomeNames, auditOutcomes, auditTypes } from '../src/audit/event-types.ts';
import { authDirectives } from '../src/auth/directive.ts';
import { faultsOf } from './docs/faults.ts';
import { markdownFiles } from './docs/markdown.ts';
import { render } from './docs/render.ts';
import { root } from './support/process.ts';

const generated = [
  {
    path: 'schema/auth.graphql',
    render: () => `# Printed from src/auth/directive.ts by test/generate.ts: change it there.\n\n${authDirectives}`,
  },
  {
    path: 'schema/audit.graphql',
    render: (present: string) =>
      withEnum(
        withEnum(present, 'AuditEventOutcome', Object.entries(auditOutcomes)),
        'AuditEventType',
        auditTypes.map((type) => [type, auditEventKinds[type].description]),
      ),
  },
  {
    path: 'codegen.yml',
    render: (present: string) =>
      withEnumValues(withEnumValues(present, 'AuditEventOutcome', auditOutcomeNames), 'AuditEventType', auditTypes),
  },
  { path: 'src/store/migrations.ts', render: withMigrations },
  ...markdownFiles().map((path) => ({ path, render: (present: string) => render(path, present) })),
];

for (const { path, render: rendered } of generated) {
  const present = readFileSync(`${root}${path}`, 'utf8');
  const text = rendered(present);
  if (text === present) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} is stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(`${root}${path}`, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}

if (process.argv.includes('--check')) {
  for (const fault of markdownFiles().flatMap(faultsOf)) {
    process.stderr.write(`${fault}\n`);
    process.exitCode = 1;
  }
}

/** Replaces the values of an enum in the schema, which writes them in capitals. */
function withEnum(
  sdl: string,
  name: string,
  values: readonly (readonly [name: string, description: string])[],
): string {
  const lines = values.map(([value, description]) => `  ${JSON.stringify(description)}\n  ${value.toUpperCase()}\n`);
  return sdl.replace(new RegExp(`enum ${name} \\{[^}]*\\}`), () => `enum ${name} {\n${lines.join('')}}`);
}

/** Replaces the values of an enum in `enumValues` of `codegen.yml`. */
function withEnumValues(yaml: string, name: string, values: readonly string[]): string {
  const lines = values.map((value) => `          ${value.toUpperCase()}: ${value}\n`);
  return yaml.replace(new RegExp(`(?<= {8}${name}:\\n)(?: {10}.*\\n)+`), () => lines.join(''));
}

/**
 * Replaces the imports and the rows of the migrations: one import and one row for every file in
 * `src/store/migrations/`.
 */
function withMigrations(present: string): string {
  const folder = 'src/store/migrations';
  const migrations = readdirSync(`${root}${folder}`)
    .toSorted()
    .map((file) => {
      const [, name] = /^(\d{4}-[a-z\d-]+)\.ts$/.exec(file) ?? [];
      const [up, ...more] = readFileSync(`${root}${folder}/${file}`, 'utf8').matchAll(/^export async function (\w+)/gm);
      if (name === undefined || up?.[1] === undefined || more.length > 0) {
        throw new Error(`${folder}/${file}: expected a name such as 0001-subject.ts, and one exported async function`);
      }
      return { file, name: name.replaceAll('-', '_'), up: up[1] };
    });
  const imports = migrations.map(({ file, up }) => `import { ${up} } from './migrations/${file}';\n`);
  const rows = migrations.map(({ name, up }) => `  '${name}': { up: ${up} },\n`);
  return present
    .replace(/(?:^import \{ \w+ \} from '\.\/migrations\/.*\n)+/m, () => imports.join(''))
    .replace(/(?:^ {2}'\d{4}_\w+': .*\n)+/m, () => rows.join(''));
}
