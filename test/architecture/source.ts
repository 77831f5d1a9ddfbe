import { globSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** One import, re-export, `import()` or `import('…').Type` of a file. */
export interface Import {
  readonly line: number;
  /** The path of the imported file from the folder of the project, or the name of a package as it is written. */
  readonly to: string;
  /** Whether Node drops it: `import type` and `export type`, not `import { type … }`. */
  readonly typesOnly: boolean;
}

export interface SourceFile {
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** Every TypeScript file below these folders, by its path from the folder of the project, in alphabetical order. */
export function readSource(root: string, folders: readonly string[]): Map<string, SourceFile> {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
  return new Map(paths.map((path) => [path, parse(path, readFileSync(join(root, path), 'utf8'))]));
}

function parse(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  const imports: Import[] = [];
  const add = (start: number, given: unknown, typesOnly: boolean) => {
    if (typeof given !== 'string') return; // A computed `import()` names no file.
    const to = given.startsWith('.') ? normalize(join(path, '..', given)) : given;
    imports.push({ line: text.slice(0, start).split('\n').length, to, typesOnly });
  };
  new Visitor({
    ImportDeclaration: ({ start, source, importKind }) => add(start, source.value, importKind === 'type'),
    ExportNamedDeclaration: ({ start, source, exportKind }) => add(start, source?.value, exportKind === 'type'),
    ExportAllDeclaration: ({ start, source, exportKind }) => add(start, source.value, exportKind === 'type'),
    ImportExpression: ({ start, source }) => add(start, source.type === 'Literal' && source.value, false),
    TSImportType: ({ start, source }) => add(start, source.value, true),
  }).visit(program);
  return { lines: text.split('\n').length - 1, imports };
}
