import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeBrowserFiles } from './browser-files.ts';
import { packaged } from './emitted.ts';
import { guidesFolder, packagedGuide, packagedReadme } from './guides.ts';
import { codeFolder, isDependency, manifestOf, type Repository } from './manifest.ts';
import { packageOf, type PackageSpec, packages, unpackaged } from './packages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles `src/` once and writes each package into a folder of its name, from where `npm pack` and `npm publish` take
 * it. Also writes `node_modules/claimgate`, a link to the kit, so that the server runs from its folder.
 *
 * @param out - the folder of the packages. It is emptied first
 * @throws Error with the output of the compiler, or with the file that a package may not have or import
 */
export async function writePackages(out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const emitted = join(out, 'emitted');
  await compile(emitted);
  const repository = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Repository;
  const files = globSync('**/*.{js,d.ts}', { cwd: emitted }).toSorted();
  const homeless = files.find((path) => !packageOf(path) && !unpackaged.includes(path.split('/', 1)[0] ?? ''));
  if (homeless !== undefined) {
    throw new Error(`src/${homeless}: is in no package; add its room to one in src/packages/packages.ts`);
  }
  for (const spec of packages) {
    const own = files.filter((path) => packageOf(path) === spec);
    await writePackage(spec, repository, own, emitted, join(out, spec.name));
    for (const { name } of spec.uses) await link(join(out, 'node_modules', name), `../${name}`);
  }
  await rm(emitted, { recursive: true });
}

async function compile(outDir: string): Promise<void> {
  const compiler = fileURLToPath(import.meta.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc'));
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', join(root, 'tsconfig.json'), '--outDir', outDir]);
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    throw new Error(`the compiler found faults in src/:\n${stdout}`, { cause: error });
  }
}

async function writePackage(
  spec: PackageSpec,
  repository: Repository,
  files: readonly string[],
  emitted: string,
  folder: string,
): Promise<void> {
  const imports = new Set<string>();
  for (const path of files) {
    const file = packaged(path, await readFile(join(emitted, path), 'utf8'), spec);
    // A declaration file may import the types of a package that only the repository needs. This package does not become
    // a dependency.
    const needed = path.endsWith('.js') ? file.imports : file.imports.filter((name) => isDependency(name, repository));
    for (const name of needed) imports.add(name);
    await write(join(folder, codeFolder, path), file.text);
  }
  await write(join(folder, 'package.json'), `${JSON.stringify(manifestOf(spec, repository, imports), null, 2)}\n`);
  await write(join(folder, 'README.md'), await readme(spec));
  if (spec.browserFiles !== undefined) {
    await writeBrowserFiles(join(folder, codeFolder, spec.browserFiles), join(folder, 'THIRD-PARTY-LICENSES.txt'));
  }
  for (const path of spec.guides) {
    const text = await readFile(join(root, 'src', path), 'utf8');
    await write(join(folder, guidesFolder, path), packagedGuide(path, text, spec.guides));
  }
  for (const name of ['LICENSE', ...spec.assets]) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
}

async function readme({ name, guides }: PackageSpec): Promise<string> {
  const path = `packages/${name}.md`;
  return packagedReadme(path, await readFile(join(root, 'src', path), 'utf8'), guides);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'junction');
}
