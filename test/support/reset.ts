import type { Socket } from 'node:net';

/**
 * Resets a connection. If the connection is already being shut down, only closes it. libuv refuses to reset such a
 * connection, and Node.js (24.21) does not notice the refusal. Then the process would wait for the connection for ever.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
