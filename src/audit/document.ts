import { maxDetail } from './bounds.ts';

/** A trusted document of a manifest, as an event names it. */
export interface NamedDocument {
  /** The ID in the manifest. A document with several IDs has the first one. */
  readonly id: string;
  /** The name of the operation. Undefined: the operation has none. */
  readonly name: string | undefined;
}

/** The largest number of characters of the name and of the ID, so that they leave room for the other text. */
const maxName = 100;
const maxId = 256;

/**
 * Adds a trusted document to the `detail` of a fact. If the text becomes too long, the end of `detail` is cut, and not the
 * document.
 *
 * @param document - undefined: the operation is not of a trusted document, so `detail` stays as it is
 */
export function withDocument(detail: string, document: NamedDocument | undefined): string {
  if (document === undefined) return detail;
  const id = document.id.slice(0, maxId);
  const added = `, document ${document.name === undefined ? id : `${document.name.slice(0, maxName)} (${id})`}`;
  return detail.slice(0, maxDetail - added.length) + added;
}
