import type { WebSocket } from 'ws';

/** How many unread bytes may wait on a socket. Above this limit, the server sends nothing and starts no operation. */
const maxUnreadBytes = 1_048_576;

/** Sends messages on a socket, and waits while its client does not read. */
export interface MessageOutlet {
  /**
   * Sends a message. Settles when the operating system has taken the message, or the socket is closed. Never rejects.
   */
  send(data: string): Promise<void>;
  /** Settles when at most 1 MiB waits to be sent, or the socket is closed. */
  room(): Promise<void>;
}

/** Makes the outlet of a socket. */
export function outletOf(socket: WebSocket): MessageOutlet {
  let waiting: (() => void)[] = [];
  const wakeWaiting = (): void => {
    if (!isFull(socket)) {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    }
  };
  socket.once('close', wakeWaiting);

  async function room(): Promise<void> {
    while (isFull(socket)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
    }
  }
  return {
    room,
    async send(data) {
      await room();
      if (socket.readyState !== socket.OPEN) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      // The socket's `error` event reports faults, so this callback ignores them.
      socket.send(data, () => {
        wakeWaiting();
        resolve();
      });
      await promise;
    },
  };
}

function isFull(socket: WebSocket): boolean {
  return socket.readyState === socket.OPEN && socket.bufferedAmount > maxUnreadBytes;
}
