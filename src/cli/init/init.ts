import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { isRecord } from '../../protocol/record.ts';
import { Misuse } from '../misuse.ts';
import { confirm } from '../terminal/confirm.ts';
import { outcomeOf } from '../terminal/outcome.ts';
import { addToApollo } from './apollo.ts';
import { deployFiles } from './files/deploy.ts';
import { imageFiles } from './files/image.ts';
import type { ProjectFile, ProjectSettings } from './files/manager.ts';
import { manifestOf } from './files/manifest.ts';
import { readme } from './files/readme.ts';
import { sourceFiles } from './files/sources.ts';
import { dependenciesOn, ownPackages, packInto } from './packages.ts';
import { settingsOf } from './settings.ts';
import { existingOf, writeFiles } from './write.ts';

/** The folder of a project that has the package files. They make the project independent of this command's place. */
const packagesFolder = 'packages';

/** Files that stay as they are if they exist. */
const kept: ReadonlySet<string> = new Set(['.env', '.gitignore', 'README.md']);

/**
 * Makes a project in the working directory. If the directory has a server with Apollo Server, adds the kit to it
 * instead. On a terminal, asks for what no option says. @returns the exit code
 */
export function init(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      yes: { type: 'boolean', default: false },
      name: { type: 'string' },
      issuer: { type: 'string' },
      'package-manager': { type: 'string' },
    },
  });
  return outcomeOf('init', async () => {
    const folder = process.cwd();
    const present = presentManifest(folder);
    const packages = ownPackages();
    const isApollo = isRecord(present?.['dependencies']) && Object.hasOwn(present['dependencies'], '@apollo/server');
    const settings: ProjectSettings = {
      ...(await settingsOf(values, { path: folder, present, isApollo })),
      packages: dependenciesOn(packages, packagesFolder),
    };
    const pack = {
      path: packagesFolder,
      write: async (into: string) => {
        await packInto(packages, into);
        return readdirSync(into);
      },
    };
    if (present && isApollo) {
      return addToApollo({
        folder,
        present,
        settings,
        yes: values.yes,
        write: (files) => writeFiles(folder, files, pack),
      });
    }
    const files = projectFiles(settings, present).filter(
      ([name]) => !kept.has(name) || !existsSync(join(folder, name)),
    );
    const names = [...files.map(([name]) => name), ...packageFiles(settings)];
    const existing = existingOf(folder, names);
    if (existing.length > 0) await confirm(`${existing.join(', ')}: expected a new file; it is replaced.`, values.yes);
    await writeFiles(folder, files, pack);
    process.stdout.write(nextSteps(settings, files));
    return 0;
  });
}

/** Returns the paths of the package files. */
function packageFiles({ packages }: ProjectSettings): string[] {
  return Object.values(packages).map((dependency) => dependency.slice('file:'.length));
}

function projectFiles(settings: ProjectSettings, present: Readonly<Record<string, unknown>> | null): ProjectFile[] {
  return [
    manifestOf(settings, present ?? {}),
    ...sourceFiles(settings),
    ...imageFiles(settings.manager),
    ...deployFiles(),
    readme(settings),
  ];
}

/** Returns the members of an existing `package.json`. Null: the folder has no such file. */
function presentManifest(folder: string): Readonly<Record<string, unknown>> | null {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return null;
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isRecord(manifest)) return manifest;
  } catch (error) {
    throw new Misuse(`${path}: expected a JSON object; ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  throw new Misuse(`${path}: expected a JSON object`);
}

function nextSteps({ manager }: ProjectSettings, files: readonly ProjectFile[]): string {
  const made = files.map(([name]) => `  ${relative('.', name)}\n`).join('');
  return `Made these files, and ${packagesFolder}/ with Claimgate's packages:

${made}
Next:

  ${manager} install
  ${manager} run dev
  ${manager} test

README.md has the commands for a token and a query.
`;
}
