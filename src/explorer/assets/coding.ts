import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A content coding (RFC 9110 §8.4.1) that the server sends. */
export type Coding = 'br' | 'gzip' | 'identity';

/** The codings, best first. */
const codings = ['br', 'gzip'] as const;

/**
 * The quality of Brotli. 5 compresses all files of the explorer in less than a second. The package has files of quality
 * 9, which the build compresses.
 */
const quality = 5;

/**
 * Chooses the coding of an answer from `Accept-Encoding` (RFC 9110 §12.5.3). A coding with a quality of 0 is not used.
 * Otherwise qualities do not matter: the server sends the smallest answer that the client can read.
 */
export function codingFor(accepted: string | undefined): Coding {
  const refused = new Map<string, boolean>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim());
    refused.set(
      name,
      parameters.some((one) => /^q=0(\.0*)?$/.test(one)),
    );
  }
  return codings.find((coding) => !(refused.get(coding) ?? refused.get('*') ?? true)) ?? 'identity';
}

/** Compresses bytes, outside of the main thread. */
export async function compress(bytes: Uint8Array, coding: Coding): Promise<Uint8Array> {
  if (coding === 'identity') return bytes;
  if (coding === 'gzip') return promisify(gzip)(bytes);
  return promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}
