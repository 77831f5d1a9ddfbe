import type { Socket } from 'node:net';

/**
 * Resets a connection. One that is being shut down is only closed: Node.js (24.21) takes a reset that libuv refuses for done, and
 * at the end of the process waits for that connection forever, in a loop of its own that no timer ends.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
