import { createHash } from 'node:crypto';
import { constants, open } from 'node:fs/promises';
import { setImmediate as pause } from 'node:timers/promises';
import { plainId } from '../../api/operation/operation.ts';
import type { TrustedDocumentsSettings } from '../../config/objects/trusted-documents.ts';
import { manifestEntries, ManifestFault } from '../../protocol/documents/manifest.ts';
import { shown } from '../../protocol/shown.ts';

/** A document of a manifest. */
export interface TrustedDocument {
  readonly id: string;
  readonly text: string;
  /** The manifest and the line, for messages. */
  readonly place: string;
}

/** The bounds of all manifests together. */
export const manifestBounds: Readonly<Record<'documents' | 'bytes' | 'idLength', number>> = {
  documents: 20_000,
  bytes: 32 * 1024 * 1024,
  idLength: 256,
};

/** How many documents are checked before other work of the process may run. */
const documentsPerTurn = 20;

/** Reads all manifests. Every fault has the manifest, and the line or the ID if there is one, but no text of a document. */
export async function readManifests({ manifests }: Pick<TrustedDocumentsSettings, 'manifests'>): Promise<{
  readonly documents: ReadonlyMap<string, TrustedDocument>;
  readonly faults: readonly string[];
}> {
  const documents = new Map<string, TrustedDocument>();
  const faults: string[] = [];
  let bytes = manifestBounds.bytes;
  for (const { name, path } of manifests) {
    const file = `trustedDocuments: ${shown(name)}`;
    const text = await readBounded(path, bytes);
    if (typeof text !== 'string') {
      faults.push(`${file}: ${text.fault}`);
      continue;
    }
    bytes -= Buffer.byteLength(text);
    const entries = entriesOf(text);
    if (entries instanceof ManifestFault) {
      faults.push(`${file}${entries.line === null ? '' : `:${entries.line}`}: ${entries.message}`);
      continue;
    }
    for (const [index, { id, body, line }] of entries.entries()) {
      if (index % documentsPerTurn === 0) await pause();
      const document = { id: plainId(id), text: body, place: `${file}:${line}: ${shown(id)}` };
      const fault = idFault(document) ?? clashFault(document, documents.get(document.id));
      if (fault !== null) faults.push(`${document.place}: ${fault}`);
      else documents.set(document.id, document);
    }
  }
  if (documents.size > manifestBounds.documents) {
    faults.push(
      `trustedDocuments: expected at most ${manifestBounds.documents} documents in all manifests; found ${documents.size}`,
    );
  }
  return { documents, faults };
}

function entriesOf(text: string): ReturnType<typeof manifestEntries> | ManifestFault {
  try {
    return manifestEntries(text);
  } catch (error) {
    if (error instanceof ManifestFault) return error;
    if (error instanceof RangeError) return new ManifestFault(null, 'is nested too deep to be read');
    throw error;
  }
}

/** Reads a text of at most `maxBytes` bytes. The file may grow during the reading. */
async function readBounded(path: string, maxBytes: number): Promise<string | { readonly fault: string }> {
  let file: Awaited<ReturnType<typeof open>> | null = null;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its other end.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = await file.stat();
    if (!found.isFile()) return { fault: 'expected a file; found something else' };
    const { size } = found;
    const buffer = Buffer.alloc(Math.min(size, maxBytes) + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > maxBytes) {
      return { fault: `expected all manifests together to have at most ${manifestBounds.bytes} bytes` };
    }
    if (bytesRead > size) return { fault: 'expected a complete file; it is being written' };
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    const found = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'a text that is not UTF-8' : code;
    return { fault: `expected a manifest that can be read; found ${found}` };
  } finally {
    await file?.close();
  }
}

/** Finds the fault of an ID. An ID of 64 hexadecimal digits is the SHA-256 hash of its document. */
function idFault({ id, text }: TrustedDocument): string | null {
  if (id === '') return 'expected an ID; found an empty one';
  if (id.length > manifestBounds.idLength) {
    return `expected an ID of at most ${manifestBounds.idLength} characters; found ${id.length}`;
  }
  if (!/^[\da-f]{64}$/i.test(id)) return null;
  const hash = createHash('sha256').update(text).digest('hex');
  return hash === id ? null : `expected the ID to be the SHA-256 hash of its document; the hash is ${hash}`;
}

function clashFault({ text }: TrustedDocument, earlier: TrustedDocument | undefined): string | null {
  if (earlier === undefined || earlier.text === text) return null;
  return `expected one document for each ID; ${earlier.place} has another`;
}
