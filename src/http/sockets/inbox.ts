import type { WebSocket } from 'ws';

/** How many messages, and characters of them, may wait before the socket is read no further. */
const mostMessages = 16;
const mostCharacters = 65_536;

/**
 * Hands the messages of a socket over, one after another: the next one waits until the one before is done with. While more than
 * a few wait, the socket is not read, so that a client that sends faster than it is served waits too.
 *
 * @param handle may not reject
 */
export function readMessages(socket: WebSocket, handle: (text: string, isBinary: boolean) => Promise<void>): void {
  const waiting: { readonly text: string; readonly isBinary: boolean }[] = [];
  let characters = 0;
  let busy = false;
  const isFull = (): boolean => waiting.length > mostMessages || characters > mostCharacters;

  async function work(): Promise<void> {
    busy = true;
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      characters -= message.text.length;
      if (!isFull() && socket.isPaused) socket.resume();
      // Closing takes a while, and what the client sends meanwhile still arrives.
      if (socket.readyState === socket.OPEN) await handle(message.text, message.isBinary);
    }
    busy = false;
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (socket.readyState !== socket.OPEN) return;
    const text = data.toString('utf8');
    waiting.push({ text, isBinary });
    characters += text.length;
    if (isFull()) socket.pause();
    if (!busy) void work();
  });
}
