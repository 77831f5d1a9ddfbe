import { globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { importedNames } from '../../src/packages/imports.ts';

/** One import, re-export, `import()` or `import('…').Type` of a file. */
export interface Import {
  readonly line: number;
  /** The path of the imported file, relative to the folder of the project; for a package, the module specifier. */
  readonly to: string;
  /** Whether Node.js removes it: true for `import type` and `export type`, false for `import { type … }`. */
  readonly typesOnly: boolean;
}

export interface SourceFile {
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** Returns every TypeScript file below these folders, by its path relative to `root`, in alphabetical order. */
export function readSource(root: string, folders: readonly string[]): Map<string, SourceFile> {
  const paths = folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: (name) => name === 'node_modules' }))
    .sort();
  return new Map(paths.map((path) => [path, parse(path, readFileSync(join(root, path), 'utf8'))]));
}

function parse(path: string, text: string): SourceFile {
  const imports = importedNames(path, text).map(({ name, start, typesOnly }) => ({
    line: text.slice(0, start).split('\n').length,
    to: name.startsWith('.') ? normalize(join(path, '..', name)) : name,
    typesOnly,
  }));
  return { lines: text.split('\n').length - 1, imports };
}
