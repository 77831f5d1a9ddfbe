import { isRecord } from '../../protocol/record.ts';
import { kindOf } from '../../protocol/shown.ts';
import { parseStrictObject } from '../../protocol/strict-json.ts';
import { ToolFault } from '../report/fault.ts';
import type { TextFile } from '../source/files.ts';
import type { FoundDocument } from './operation.ts';
import { parseOperations } from './parse.ts';

/** One entry of a manifest: the identifier and the text of a document. */
export interface ManifestEntry {
  readonly id: string;
  readonly body: string;
  /** The line of the entry in the manifest, from 1. */
  readonly line: number;
}

const expected =
  'expected a manifest of persisted operations: { "hash": "query …" }, as graphql-codegen and Relay write it, or { "format": "apollo-persisted-query-manifest", "version": 1, "operations": […] }';

/**
 * Reads the entries of a manifest, in the order of the file: `{ hash: text }`, as the client preset of graphql-codegen and
 * Relay write it, or the persisted query manifest of Apollo.
 *
 * @throws {ToolFault} with the file and the line
 */
export function manifestEntries({ name: file, text }: TextFile): readonly ManifestEntry[] {
  const whole = { file, line: null };
  let manifest: Readonly<Record<string, unknown>>;
  try {
    manifest = parseStrictObject(new TextEncoder().encode(text), 16);
  } catch {
    throw new ToolFault(whole, `${expected}; found a text that is not a JSON object, or that has two equal members`);
  }
  const line = lineFinder(text);
  const operations = manifest['operations'];
  const entries: readonly (readonly [unknown, unknown])[] =
    manifest['format'] === undefined || typeof operations === 'string'
      ? Object.entries(manifest)
      : apolloEntries(manifest, file);
  return entries.map(([id, body]) => {
    if (typeof id !== 'string' || id === '')
      throw new ToolFault(whole, `${expected}; found an operation without an id`);
    const at = line(id);
    if (typeof body !== 'string') {
      throw new ToolFault({ file, line: at }, `expected the text of a document; found ${kindOf(body)}. ${expected}`);
    }
    return { id, body, line: at };
  });
}

function apolloEntries(
  manifest: Readonly<Record<string, unknown>>,
  file: string,
): readonly (readonly [unknown, unknown])[] {
  const { format, version, operations } = manifest;
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) {
    throw new ToolFault({ file, line: null }, `${expected}; found another format or version`);
  }
  return operations.map((operation: unknown) =>
    isRecord(operation) ? [operation['id'], operation['body']] : [undefined, undefined],
  );
}

/** Makes the function that finds the line of an entry. Entries are searched in the order of the file. */
function lineFinder(text: string): (id: string) => number {
  let from = 0;
  let counted = 0;
  let line = 1;
  return (id) => {
    const written = JSON.stringify(id);
    const next = text.indexOf(written, from);
    const found = next >= 0 ? next : text.indexOf(written);
    if (found < counted) return text.slice(0, Math.max(0, found)).split('\n').length;
    line += text.slice(counted, found).split('\n').length - 1;
    [counted, from] = [found, found + written.length];
    return line;
  };
}

/** Finds the documents of a manifest. @throws {ToolFault} with the file and the line of the entry */
export function manifestDocuments(file: TextFile): readonly FoundDocument[] {
  return manifestEntries(file).map(({ id, body, line }) => {
    const place = { file: file.name, line };
    const document = parseOperations(body, place, true);
    if (!document) throw new ToolFault(place, 'expected an operation; found a document without one');
    return { document, id, place };
  });
}
