import type { IncomingHttpHeaders } from 'node:http';
import type { RefusalReason } from './refusal.ts';

/** Why a body cannot be read as it was sent. The message repeats no name that is not well known. */
export interface CodingFault {
  readonly reason: Extract<RefusalReason, 'mediaType' | 'transferCoding'>;
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

/** Of these, UTF-8 is the same where a body is ASCII, as JSON must be UTF-8 and forms are percent-encoded. */
const utf8Charsets: readonly string[] = ['utf-8', 'utf8', 'us-ascii', 'ascii'];
/** Java's HTTP clients name these beside a form, whose bytes are ASCII. */
const formCharsets: readonly string[] = [...utf8Charsets, 'iso-8859-1', 'latin1', 'windows-1252'];

/**
 * What the server does not undo: a `Content-Encoding`, since a compressed body can be much larger than what arrives, and a
 * `Transfer-Encoding` other than `chunked`, of which Node's parser would hand over the compressed bytes (RFC 9112 §6.1).
 *
 * @returns null where the headers say nothing of the kind
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

/** Why the text of a body cannot be read: JSON is UTF-8, and so is what the percent-encoding of a form stands for. */
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
