import type { WebSocket } from 'ws';

/** How many bytes may wait for a client to read them before anything more is sent, or any more operations begin. */
const mostUnreadBytes = 1_048_576;

/** Sends what a socket's client reads, and waits while the client does not read. */
export interface Outlet {
  /** Settles once the message was handed to the operating system, or the socket is closed. It never rejects. */
  send(data: string): Promise<void>;
  /** Settles once there is room, or the socket is closed. */
  room(): Promise<void>;
}

export function outletOf(socket: WebSocket): Outlet {
  let waiting: (() => void)[] = [];
  const look = (): void => {
    if (!isFull(socket)) {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    }
  };
  socket.once('close', look);

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
      // A fault of the socket is reported by its events.
      socket.send(data, () => {
        look();
        resolve();
      });
      await promise;
    },
  };
}

function isFull(socket: WebSocket): boolean {
  return socket.readyState === socket.OPEN && socket.bufferedAmount > mostUnreadBytes;
}
