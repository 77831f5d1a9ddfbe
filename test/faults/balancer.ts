import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { reset } from '../support/reset.ts';

/** A TCP load balancer: one address for several processes. Each connection goes to the next process that accepts it. */
export interface Balancer {
  readonly port: number;
  close(): Promise<void>;
}

/** @param targets - ports on loopback */
export async function openBalancer(targets: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };

  const relay = (near: Socket, target: number, tries: number): void => {
    const far = keep(connect(targets[target % targets.length] ?? 0, '127.0.0.1'));
    let connected = false;
    far.once('connect', () => {
      connected = true;
      near.pipe(far).pipe(near);
    });
    far.on('error', () => {
      if (connected || tries <= 1) reset(near);
      else relay(near, target + 1, tries - 1);
    });
    near.on('close', () => far.destroy());
  };
  const server = createServer((near) => {
    keep(near).on('error', () => {});
    relay(near, turn++, targets.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
