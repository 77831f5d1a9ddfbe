import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Measurements that the inspector of a process makes. */
export interface Inspector {
  /** Forces a garbage collection. Returns the bytes of the heap that are in use. */
  heapBytes(): Promise<number>;
  close(): void;
}

interface Reply {
  readonly id: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: { readonly message: string };
}

/** Connects to the inspector of a process (Chrome DevTools Protocol). It sends one command at a time. */
export async function connectInspector(address: string): Promise<Inspector> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  let last = 0;

  async function call(method: string, params: Record<string, unknown> = {}): Promise<Reply['result']> {
    const id = (last += 1);
    const answer = Promise.withResolvers<Reply>();
    const listen = (data: Buffer): void => {
      const reply = JSON.parse(data.toString()) as Reply; // The protocol defines this shape.
      if (reply.id === id) answer.resolve(reply);
    };
    const closed = (): void => answer.reject(new Error('the inspector was closed'));
    socket.on('message', listen).once('close', closed);
    socket.send(JSON.stringify({ id, method, params }));
    try {
      const { result, error } = await answer.promise;
      if (error) throw new Error(error.message);
      return result;
    } finally {
      socket.off('message', listen).off('close', closed);
    }
  }

  return {
    async heapBytes() {
      await call('HeapProfiler.collectGarbage');
      const answer = await call('Runtime.evaluate', {
        expression: 'process.memoryUsage().heapUsed',
        returnByValue: true,
      });
      return Number(answer?.result?.value);
    },
    close: () => socket.close(),
  };
}
