import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request.
 *
 * @param mediaType the expected media type, in lower case. Parameters such as `charset` are not checked.
 * @param maxBytes the largest body that is read
 * @returns the body, or the reason why it was not read: another media type, too large, or the caller disconnected
 */
export async function readRequestBody(
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
