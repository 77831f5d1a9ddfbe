import { parseSync, Visitor } from 'oxc-parser';

/** An import, re-export, `import()` or `import('…').Type` of a file, with the name of the imported module as written. */
export interface ImportedName {
  readonly name: string;
  /** The position of the name in the text, without its quotes. */
  readonly start: number;
  readonly end: number;
  /** Whether Node.js drops it: `import type` and `export type`, not `import { type … }`. */
  readonly typesOnly: boolean;
}

/** The part of a syntax node that is read. */
interface Source {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/**
 * Lists the imported names of a TypeScript, JavaScript or declaration file, in the order of the text. An `import()` of a
 * computed name is left out.
 *
 * @param path - the path of the file. The error contains it, and its ending decides the language of the text
 * @throws Error if the text cannot be parsed
 */
export function importedNames(path: string, text: string): readonly ImportedName[] {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  const found: ImportedName[] = [];
  const add = (source: (Source & { value?: unknown }) | null, typesOnly: boolean) => {
    if (typeof source?.value !== 'string') return;
    found.push({ name: source.value, start: source.start + 1, end: source.end - 1, typesOnly });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => add(source, importKind === 'type'),
    ExportNamedDeclaration: ({ source, exportKind }) => add(source, exportKind === 'type'),
    ExportAllDeclaration: ({ source, exportKind }) => add(source, exportKind === 'type'),
    ImportExpression: ({ source }) => add(source.type === 'Literal' ? source : null, false),
    TSImportType: ({ source }) => add(source, true),
  }).visit(program);
  return found.toSorted((one, other) => one.start - other.start);
}

/** Returns the name of the package that a module specifier names: the first part, or the first two with a scope. */
export function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
