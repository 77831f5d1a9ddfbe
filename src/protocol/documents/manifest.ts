import { isRecord } from '../record.ts';
import { kindOf } from '../shown.ts';
import { parseStrictObject } from '../strict-json.ts';
import { idLines } from './id-lines.ts';

/** One entry of a manifest: the identifier and the text of a document. */
export interface ManifestEntry {
  readonly id: string;
  readonly body: string;
  /** The line of the entry in the manifest, from 1. */
  readonly line: number;
}

/** A manifest that cannot be read. */
export class ManifestFault extends Error {
  override readonly name = 'ManifestFault';
  /** The line in the manifest, from 1. `null`: the whole manifest. */
  readonly line: number | null;

  constructor(line: number | null, message: string) {
    super(message);
    this.line = line;
  }
}

const expected =
  'expected a manifest of persisted operations: { "hash": "query …" }, as graphql-codegen and Relay write it, or { "format": "apollo-persisted-query-manifest", "version": 1, "operations": […] }';

/**
 * Reads the entries of a manifest, in the order of the file: `{ hash: text }`, as the client preset of graphql-codegen and
 * Relay write it, or the persisted query manifest of Apollo.
 *
 * @throws {ManifestFault} with the line
 */
export function manifestEntries(text: string): readonly ManifestEntry[] {
  let manifest: Readonly<Record<string, unknown>>;
  try {
    manifest = parseStrictObject(new TextEncoder().encode(text), 16);
  } catch {
    throw new ManifestFault(null, `${expected}; found a text that is not a JSON object, or that has two equal members`);
  }
  const isPlain = manifest['format'] === undefined || typeof manifest['operations'] === 'string';
  const line = idLines(text, isPlain ? 'keys' : 'members');
  const entries: readonly (readonly [unknown, unknown])[] = isPlain
    ? Object.entries(manifest)
    : apolloEntries(manifest);
  return entries.map(([id, body]) => {
    if (typeof id !== 'string' || id === '')
      throw new ManifestFault(null, `${expected}; found an operation without an id`);
    const at = line(id);
    if (typeof body !== 'string') {
      throw new ManifestFault(at, `expected the text of a document; found ${kindOf(body)}. ${expected}`);
    }
    return { id, body, line: at };
  });
}

function apolloEntries(manifest: Readonly<Record<string, unknown>>): readonly (readonly [unknown, unknown])[] {
  const { format, version, operations } = manifest;
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) {
    throw new ManifestFault(null, `${expected}; found another format or version`);
  }
  return operations.map((operation: unknown) =>
    isRecord(operation) ? [operation['id'], operation['body']] : [undefined, undefined],
  );
}
