import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request.
 *
 * @param mediaType what it has to be of, in lower case
 * @param sizeLimit in bytes
 * @returns null if it is of another type or larger, or its caller went away
 */
export async function readBody(request: IncomingMessage, mediaType: string, sizeLimit: number): Promise<Buffer | null> {
  const [given] = (request.headers['content-type'] ?? '').split(';', 1);
  if (given?.trim().toLowerCase() !== mediaType) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > sizeLimit) return null;
      chunks.push(chunk);
    }
  } catch {
    return null; // The caller went away.
  }
  return Buffer.concat(chunks);
}
