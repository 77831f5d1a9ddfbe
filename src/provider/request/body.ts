import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request.
 *
 * @param mediaType the expected media type, in lower case. Parameters such as `charset` are not checked.
 * @param maxBytes stops reading when the body is larger
 * @returns the body, or why there is none: it has another media type, it is too large, or the caller disconnected
 */
export async function readBody(
  request: IncomingMessage,
  mediaType: string,
  maxBytes: number,
): Promise<Buffer | 'another type' | 'too large' | 'disconnected'> {
  const [contentType] = (request.headers['content-type'] ?? '').split(';', 1);
  if (contentType?.trim().toLowerCase() !== mediaType) return 'another type';
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) return 'too large';
      chunks.push(chunk);
    }
  } catch {
    return 'disconnected';
  }
  return Buffer.concat(chunks);
}
