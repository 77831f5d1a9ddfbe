import type { Socket } from 'node:net';

/**
 * Resets a connection. If it is already being shut down, only closes it. libuv refuses to reset it, and Node.js (24.21)
 * does not notice the refusal. The process would then wait for the connection for ever.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
