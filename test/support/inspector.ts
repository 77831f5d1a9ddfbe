import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a process uses after a collection of garbage, in bytes. */
export interface LiveBytes {
  /** The heap of JavaScript. */
  readonly heap: number;
  /** The contents of array buffers, which lie outside the heap. */
  readonly buffers: number;
}

/** Measurements that the inspector of a process makes. */
export interface Inspector {
  /** Forces a collection of garbage. Returns what is in use after it. */
  live(): Promise<LiveBytes>;
  /** Returns how many pieces of code from strings contain a text. */
  countCode(text: string): Promise<number>;
  close(): void;
}

/** The argument of Node.js that opens the inspector on a free port of the loopback interface. */
export const inspected = '--inspect=127.0.0.1:0';

/** Returns the address of the inspector from the output of a process that was started with `inspected`. */
export function inspectorAddress(output: string): string | undefined {
  return /Debugger listening on (ws:\S+)/.exec(output)?.[1];
}

interface Reply {
  readonly id: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A script that the process has, as the inspector reports it. Code from strings has no URL. */
interface ScriptEvent {
  readonly method?: string;
  readonly params?: { readonly scriptId: string; readonly url: string };
}

/** Connects to the inspector of a process (Chrome DevTools Protocol). */
export async function connectInspector(address: string): Promise<Inspector> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  let last = 0;

  async function call(method: string, params: object = {}): Promise<Reply['result']> {
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
    async live() {
      await call('HeapProfiler.collectGarbage');
      const usage = await call('Runtime.getHeapUsage');
      return { heap: Number(usage?.['usedSize']), buffers: Number(usage?.['backingStorageSize']) };
    },
    async countCode(text) {
      const scripts: string[] = [];
      const listen = (data: Buffer): void => {
        const { method, params } = JSON.parse(data.toString()) as ScriptEvent; // The protocol defines this shape.
        if (method === 'Debugger.scriptParsed' && params?.url === '') scripts.push(params.scriptId);
      };
      socket.on('message', listen);
      try {
        await call('Debugger.enable'); // It reports all scripts before it answers.
        const sources = await Promise.all(scripts.map((scriptId) => call('Debugger.getScriptSource', { scriptId })));
        await call('Debugger.disable');
        return sources.filter((source) => String(source?.['scriptSource']).includes(text)).length;
      } finally {
        socket.off('message', listen);
      }
    },
    close: () => socket.close(),
  };
}
