import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { type ErrorCode, errorKinds } from '../../errors.ts';

/** Why a socket is closed, beside the codes of the protocol itself (graphql-transport-ws). */
const closes = {
  unauthorized: { code: 4401, reason: 'Unauthorized' },
  forbidden: { code: 4403, reason: 'Forbidden' },
  badRequest: { code: 4400, reason: 'Bad Request' },
  goingAway: { code: 1001, reason: 'Going Away' },
  tryAgain: { code: 1013, reason: 'Try Again Later' },
  tooMany: { code: 1013, reason: 'Too many connections of this caller' },
} as const;

/** The longest reason of a close (RFC 6455 §5.5), in bytes: more would throw. */
const longestReason = 123;

/** Closes a socket. @param reason which is cut to 123 bytes */
export function closeWith(socket: WebSocket, code: number | keyof typeof closes, reason = ''): void {
  if (typeof code === 'number') socket.close(code, cut(reason));
  else socket.close(closes[code].code, closes[code].reason);
  // The client's answer to the close is read, whatever still waits before it.
  socket.resume();
}

/** Closes a socket with the code that belongs to an error. */
export function endWith(socket: WebSocket, error: unknown): void {
  if (error instanceof GraphQLError && error.extensions['code'] === 'INVALID_REQUEST') {
    // The message is ours, and says what to send in the place of what was sent.
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

/** The part of a text that fits: whole characters of up to 123 bytes of UTF-8. */
function cut(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(longestReason));
  return reason.slice(0, read);
}
