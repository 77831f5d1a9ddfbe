import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/** How often a client is pinged. It has the same time to answer. */
const keepAliveMs = 15_000;

/**
 * Pings a client regularly, and ends the socket if the client has stopped reading. A pong counts only with the bytes of the last ping
 * (RFC 6455 §5.5.3), which a client that does not read cannot know.
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
