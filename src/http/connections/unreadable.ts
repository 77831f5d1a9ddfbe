import { maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { statusOf } from '../../errors.ts';
import type { BadRequestReason } from '../refusal.ts';

/** The message of the answer. The reason selects a status other than 400. */
interface Fault {
  readonly message: string;
  readonly reason?: BadRequestReason;
}

const contentLength: Fault = {
  message: 'The Content-Length is not one whole number, or it stands beside a Transfer-Encoding (RFC 9112 §6.3)',
};

/**
 * The answers to requests that Node's parser rejects, by error code. Any other code is answered as a malformed request.
 */
const faults: Readonly<Record<string, Fault>> = {
  HPE_HEADER_OVERFLOW: {
    reason: 'headerSize',
    message: `The headers of the request are too large: they may have up to ${maxHeaderSize} bytes together. Send a token with fewer claims, or fewer cookies; the server's limit is set by NODE_OPTIONS=--max-http-header-size`,
  },
  HPE_INVALID_TRANSFER_ENCODING: {
    message: 'The Transfer-Encoding is not read here: expected chunked alone (RFC 9112 §6.1)',
  },
  HPE_INVALID_CONTENT_LENGTH: contentLength,
  HPE_UNEXPECTED_CONTENT_LENGTH: contentLength,
  HPE_INVALID_CHUNK_SIZE: { message: 'The chunks of the body are malformed (RFC 9112 §7.1)' },
  HPE_INVALID_HEADER_TOKEN: { message: 'A header of the request is malformed (RFC 9110 §5)' },
  ERR_HTTP_REQUEST_TIMEOUT: { reason: 'slowRequest', message: 'The request did not arrive in time' },
};
const malformed: Fault = { message: 'This is not a well-formed HTTP request' };

/**
 * Answers a request that Node's parser could not read, and ends the connection. It is for Fastify's
 * `clientErrorHandler`. The answer depends only on the code of the error and repeats nothing of the request.
 */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { message, reason } = faults[error.code ?? ''] ?? malformed;
  const status = statusOf('BAD_REQUEST', reason);
  const body = unreadableBody(message);
  // The answer that Node has begun on this connection, if any. Node's types do not have this member.
  const { _httpMessage: begun } = socket as { readonly _httpMessage?: ServerResponse | null };
  // After the head of an earlier answer, the client would read this answer as the body of the earlier answer.
  if (socket.writable && !begun?.headersSent) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

/** Returns the body of the answer to a request that is not well-formed. */
export function unreadableBody(message: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
}
