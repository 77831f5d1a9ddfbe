import { posix } from 'node:path';
import { importedNames, packageNameOf } from './imports.ts';
import { internalSubpath, packageOf, type PackageSpec } from './packages.ts';

/** A file with its text in the package. */
export interface PackagedFile {
  readonly text: string;
  /** The names of the packages that it imports. */
  readonly imports: readonly string[];
}

/**
 * Rewrites the imports of an emitted file for its package. An import of a file of another package becomes an import of
 * that package's internal subpath. In declaration files, the compiler does not change the ending `.ts`. This function
 * changes it to `.js`.
 *
 * @param path - the emitted file, from the folder of the emitted files
 * @throws Error if the package may not import the file: the kit imports no file of the server, and no package imports a
 * file of the build
 */
export function packaged(path: string, text: string, spec: PackageSpec): PackagedFile {
  let rewritten = '';
  let copied = 0;
  const imports: string[] = [];
  for (const { name, start, end } of importedNames(path, text)) {
    if (name.startsWith('node:')) continue;
    const target = name.startsWith('.') ? targetOf(path, name, spec) : name;
    if (!target.startsWith('.') && packageNameOf(target) !== spec.name) imports.push(packageNameOf(target));
    rewritten += text.slice(copied, start) + target;
    copied = end;
  }
  return { text: rewritten + text.slice(copied), imports };
}

function targetOf(path: string, name: string, spec: PackageSpec): string {
  const emitted = name.replace(/\.ts$/, '.js');
  const imported = posix.join(posix.dirname(path), emitted);
  const owner = packageOf(imported);
  if (owner === spec) return emitted;
  const [room = ''] = imported.split(/[/.]/, 1);
  if (!owner || !spec.uses.includes(owner)) {
    const found = owner ? `of ${owner.name}` : 'of no package';
    throw new Error(
      `src/${path}: imports src/${imported}, which is ${found}; ${spec.name} may not. Move ${room} in src/packages/packages.ts, or take the value as a parameter`,
    );
  }
  return `${owner.name}/${internalSubpath}/${imported}`;
}
