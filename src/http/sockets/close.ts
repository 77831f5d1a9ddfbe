import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { type ErrorCode, errorKinds } from '../../errors.ts';

/**
 * The closes of this server that have a name. For other closes, the caller of `closeWith` passes the code. Most of them
 * come from the library, for faults against the protocol graphql-transport-ws.
 */
const closes = {
  unauthorized: { code: 4401, reason: 'Unauthorized' },
  forbidden: { code: 4403, reason: 'Forbidden' },
  badRequest: { code: 4400, reason: 'Bad Request' },
  goingAway: { code: 1001, reason: 'Going Away' },
  tryAgain: { code: 1013, reason: 'Try Again Later' },
  tooMany: { code: 1013, reason: 'Too many connections of this caller' },
} as const;

/** The longest reason of a close (RFC 6455 §5.5). `close` throws if the reason is longer. */
const maxReasonBytes = 123;

/** Closes a socket. @param reason - is cut to 123 bytes. Ignored if `code` is a name */
export function closeWith(socket: WebSocket, code: number | keyof typeof closes, reason = ''): void {
  if (typeof code === 'number') socket.close(code, cut(reason));
  else socket.close(closes[code].code, closes[code].reason);
  // A paused socket would not read the client's answer to the close.
  socket.resume();
}

/** Closes a socket with the code that belongs to an error. */
export function endWith(socket: WebSocket, error: unknown): void {
  if (error instanceof GraphQLError && error.extensions['code'] === 'INVALID_REQUEST') {
    // The message comes from this server and names the fault.
    closeWith(socket, closes.badRequest.code, error.message);
    return;
  }
  closeWith(socket, closeOf(error instanceof GraphQLError ? error.extensions['code'] : undefined));
}

function closeOf(code: unknown): keyof typeof closes {
  if (code === 'SERVER_STOPPING') return 'goingAway';
  if (code === 'FORBIDDEN') return 'forbidden';
  const kind = typeof code === 'string' && Object.hasOwn(errorKinds, code) ? errorKinds[code as ErrorCode] : null;
  return kind?.status === 401 ? 'unauthorized' : 'tryAgain';
}

/** Cuts a text to whole characters of at most 123 bytes in UTF-8. */
function cut(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(maxReasonBytes));
  return reason.slice(0, read);
}
