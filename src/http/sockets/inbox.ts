import type { WebSocket } from 'ws';

/** How many messages, and how many characters in all, may wait before the server pauses the socket. */
const maxWaitingMessages = 16;
const maxWaitingCharacters = 65_536;

/**
 * Handles the messages of a socket one after another. While too many messages wait, the server reads no further message
 * from the socket.
 *
 * @param handle - must not reject
 */
export function readMessages(socket: WebSocket, handle: (text: string, isBinary: boolean) => Promise<void>): void {
  const waiting: { readonly text: string; readonly isBinary: boolean }[] = [];
  let characters = 0;
  let busy = false;
  const isFull = (): boolean => waiting.length > maxWaitingMessages || characters > maxWaitingCharacters;

  async function work(): Promise<void> {
    busy = true;
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      characters -= message.text.length;
      if (!isFull() && socket.isPaused) socket.resume();
      // The client's messages still arrive while a socket is closing.
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
