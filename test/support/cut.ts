import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { reset } from './reset.ts';

/** A TCP relay on loopback. A test can interrupt it, like a network between two machines. */
export interface Line {
  readonly port: number;
  /** `stalled`: data is discarded without an error. `refused`: existing and new connections are reset. */
  set(state: 'open' | 'stalled' | 'refused'): void;
  close(): Promise<void>;
}

/** @param target port on loopback */
export async function openLine(target: number): Promise<Line> {
  let state: 'open' | 'stalled' | 'refused' = 'open';
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    if (state === 'refused') {
      reset(near);
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk) => {
        // Data that arrives while the line is stalled is discarded. These connections do not recover.
        if (state === 'open') to.write(chunk);
      });
      from.on('error', () => {});
      from.on('close', () => {
        if (state !== 'stalled') to.destroy();
        // While the line is stalled, the other end stays open. `close` ends it.
        if (to.destroyed) pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    set(next) {
      if (next === 'refused' || (state === 'stalled' && next === 'open')) {
        for (const pair of pairs) for (const socket of pair) reset(socket);
      }
      state = next;
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
