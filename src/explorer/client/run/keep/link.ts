import { base64url, textOfBase64url } from '../../session/tokens/encoding.ts';
import { looksLikeCredential } from './credentials.ts';
import { isObject, own } from '../answers/path.ts';

/** An operation that a link holds. */
export interface LinkedOperation {
  readonly document: string;
  /** JSON, or null. */
  readonly variables: string | null;
  readonly operationName: string | null;
}

/** The member of the fragment that holds the operation. */
const member = 'operation';
const version = 1;

/** The longest link, in characters. Some programs cut longer addresses. */
export const maxLinkLength = 16_000;

/**
 * Writes an operation into the fragment of an address. A browser never sends the fragment to a server.
 *
 * @param page - the address of the explorer
 * @throws Error if the link would be too long, or if it would contain something that looks like a credential. The
 * message is for the person
 */
export function writeLink(page: string, { document, variables, operationName }: LinkedOperation): string {
  if (looksLikeCredential(document) || looksLikeCredential(variables ?? '')) {
    throw new Error('The operation contains something that looks like a token. Remove it, then share the link.');
  }
  const content = JSON.stringify({
    v: version,
    d: document,
    ...(variables !== null && { a: variables }),
    ...(operationName !== null && { n: operationName }),
  });
  const url = new URL(page);
  url.search = '';
  url.hash = `${member}=${base64url(new TextEncoder().encode(content))}`;
  if (url.href.length <= maxLinkLength) return url.href;
  throw new Error(
    `The link would have ${url.href.length.toLocaleString('en')} characters. At most ${maxLinkLength.toLocaleString('en')} are possible. Send the operation as a file instead.`,
  );
}

/**
 * Reads the operation of a fragment.
 *
 * @param fragment - `location.hash`
 * @returns null if the fragment holds no operation
 * @throws Error if the fragment holds an operation that cannot be read. The message is for the person
 */
export function readLink(fragment: string): LinkedOperation | null {
  const encoded = new URLSearchParams(fragment.replace(/^#/, '')).get(member);
  if (encoded === null) return null;
  if (encoded.length > maxLinkLength)
    throw new Error('The link is too long to be read. Ask for the operation as a file.');
  const content = parsed(encoded);
  if (own(content, 'v') !== version) throw new Error('The link was made by another version of the explorer.');
  const document = own(content, 'd');
  const variables = own(content, 'a') ?? null;
  const operationName = own(content, 'n') ?? null;
  if (typeof document !== 'string' || !isText(variables) || !isText(operationName)) {
    throw new Error('The link is damaged: it has no operation.');
  }
  if (looksLikeCredential(document) || looksLikeCredential(variables ?? '')) {
    throw new Error('The link contains something that looks like a token. It was not opened.');
  }
  return { document, variables, operationName };
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function parsed(encoded: string): unknown {
  try {
    const value: unknown = JSON.parse(textOfBase64url(encoded));
    if (isObject(value)) return value;
  } catch {
    // The link is damaged.
  }
  throw new Error('The link is damaged. Copy the whole link again.');
}
