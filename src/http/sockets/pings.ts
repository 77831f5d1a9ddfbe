import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/** How often the server pings a client. The client must answer before the next ping. */
const keepAliveMs = 15_000;

/**
 * Pings a client regularly, and ends the socket if the client no longer reads. A pong counts only if it has the bytes
 * of the last ping (RFC 6455 §5.5.3). The client must read the ping to know its bytes.
 *
 * @returns a function that stops the pings
 */
export function keepPinging(socket: WebSocket): () => void {
  let unanswered: Buffer | null = null;
  socket.on('pong', (data: Buffer) => {
    if (unanswered?.equals(data)) unanswered = null;
  });
  const timer = setInterval(() => {
    if (unanswered) {
      socket.terminate();
      return;
    }
    unanswered = randomBytes(8);
    socket.ping(unanswered);
  }, keepAliveMs);
  return () => clearInterval(timer);
}
