import type { IncomingHttpHeaders } from 'node:http';
import type { BadRequestReason } from './refusal.ts';

/** The reason why the server cannot read a body. The message repeats only well-known names of codings. */
export interface CodingFault {
  readonly reason: Extract<BadRequestReason, 'mediaType' | 'transferCoding'>;
  readonly message: string;
}

const contentCodings: ReadonlySet<string> = new Set([
  'gzip',
  'x-gzip',
  'deflate',
  'br',
  'zstd',
  'compress',
  'x-compress',
]);

/** The charsets of JSON that are read as UTF-8. ASCII text is valid UTF-8. */
const utf8Charsets: readonly string[] = ['utf-8', 'utf8', 'us-ascii', 'ascii'];
/**
 * The charsets of forms that are read as UTF-8. Java's HTTP clients name the last three, although the bytes of a form
 * are ASCII.
 */
const formCharsets: readonly string[] = [...utf8Charsets, 'iso-8859-1', 'latin1', 'windows-1252'];

/**
 * Finds a coding that the server does not decode. The server decodes no `Content-Encoding`, because a decompressed body
 * can be much larger than the received bytes. The only `Transfer-Encoding` that Node's parser decodes is `chunked` (RFC
 * 9112 §6.1).
 *
 * @returns null if the server decodes every coding in the headers
 */
export function codingFault(headers: IncomingHttpHeaders): CodingFault | null {
  const transfer = listOf(headers['transfer-encoding']);
  if (transfer.length > 1 || transfer.some((coding) => coding !== 'chunked')) {
    const message =
      'The Transfer-Encoding is not decoded here: send the body as it is, or with chunked alone (RFC 9112 §6.1)';
    return { reason: 'transferCoding', message };
  }
  const unread = listOf(headers['content-encoding']).find((coding) => coding !== 'identity');
  if (unread === undefined) return null;
  const name = contentCodings.has(unread) ? `Content-Encoding: ${unread}` : 'A Content-Encoding';
  const message = `${name} is not decoded here: send the body as it is, without the Content-Encoding header`;
  return { reason: 'mediaType', message };
}

/**
 * Finds a charset that the server does not read.
 *
 * @returns null if the server reads the charset, or the header has none
 */
export function charsetFault(contentType: string | undefined): CodingFault | null {
  const [mediaType = ''] = (contentType ?? '').split(';', 1);
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  const isForm = mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  if (charset === undefined || (isForm ? formCharsets : utf8Charsets).includes(charset)) return null;
  const expected = isForm
    ? 'a form is sent as UTF-8, percent-encoded (RFC 6749 appendix B)'
    : 'JSON is sent as UTF-8 (RFC 8259 §8.1)';
  return { reason: 'mediaType', message: `The charset of the Content-Type is not read here: ${expected}` };
}

function listOf(header: string | undefined): readonly string[] {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '');
}
