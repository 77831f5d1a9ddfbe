import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { type ErrorCode, errorKinds } from '../errors.ts';

/** Why a socket is closed, beside the codes of the protocol itself (graphql-transport-ws). */
const closes = {
  unauthorized: { code: 4401, reason: 'Unauthorized' },
  forbidden: { code: 4403, reason: 'Forbidden' },
  badRequest: { code: 4400, reason: 'Bad Request' },
  goingAway: { code: 1001, reason: 'Going Away' },
  tryAgain: { code: 1013, reason: 'Try Again Later' },
  tooMany: { code: 1013, reason: 'Too many connections of this caller' },
} as const;

/** Closes a socket. @param reason of which the first 100 characters are sent: more than 123 bytes would throw */
export function closeWith(socket: WebSocket, code: number | keyof typeof closes, reason = ''): void {
  if (typeof code === 'number') socket.close(code, reason.slice(0, 100));
  else socket.close(closes[code].code, closes[code].reason);
  // The client's answer to the close is read, whatever still waits before it.
  socket.resume();
}

/** Closes a socket with the code that belongs to an error. */
export function endWith(socket: WebSocket, error: unknown): void {
  closeWith(socket, closeOf(error instanceof GraphQLError ? error.extensions['code'] : undefined));
}

function closeOf(code: unknown): keyof typeof closes {
  if (code === 'SERVER_STOPPING') return 'goingAway';
  if (code === 'INVALID_REQUEST') return 'badRequest';
  if (code === 'FORBIDDEN') return 'forbidden';
  const kind = typeof code === 'string' && Object.hasOwn(errorKinds, code) ? errorKinds[code as ErrorCode] : null;
  return kind?.status === 401 ? 'unauthorized' : 'tryAgain';
}
