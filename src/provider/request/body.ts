import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request.
 *
 * @param mediaType what it has to be of, in lower case
 * @param sizeLimit in bytes
 * @returns the body, or why there is none to use: it is of another media type, or too large, or the caller has gone away
 */
export async function readBody(
  request: IncomingMessage,
  mediaType: string,
  sizeLimit: number,
): Promise<Buffer | 'another type' | 'too large' | 'gone'> {
  const [given] = (request.headers['content-type'] ?? '').split(';', 1);
  if (given?.trim().toLowerCase() !== mediaType) return 'another type';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > sizeLimit) return 'too large';
      chunks.push(chunk);
    }
  } catch {
    return 'gone';
  }
  return Buffer.concat(chunks);
}
