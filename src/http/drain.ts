import type { Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The end of a server, and the count of its requests in progress. */
export interface Drain {
  /** Whether the server is ending. Each answer must then close its connection. */
  readonly isDraining: boolean;
  /** Counts a request that Fastify does not handle. The caller calls `ended` once for it. */
  begun(): void;
  ended(): void;
  /** Closes a further server, which accepts connections for the HTTP server, when the HTTP server ends. */
  closeToo(server: Server): void;
  /**
   * Ends the server. It refuses new connections and completes the requests in progress. It then closes all connections,
   * idle connections too. Browsers open idle connections in advance.
   *
   * Fastify's own `close` is called last, because it refuses in-process requests at once. A token mutation in progress
   * may still send an in-process request to redeem its code.
   */
  run(): Promise<void>;
}

/** Counts the requests of a server. @param app - must have no routes yet */
export function prepareDrain(app: FastifyInstance): Drain {
  const drain = new RequestCount(app);
  app.addHook('onRequest', (_request, { raw }, done) => {
    drain.begun();
    if (drain.isDraining) raw.setHeader('connection', 'close');
    let hasEnded = false;
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      drain.ended();
    };
    // Fastify does not call `onResponse` if the caller disconnects. An answer emits `finish`, `close`, or both.
    // `finished` of `node:stream` would add twice as many listeners.
    if (raw.closed) end();
    else raw.once('finish', end).once('close', end);
    done();
  });
  return drain;
}

class RequestCount implements Drain {
  isDraining = false;
  #underWay = 0;
  readonly #app: FastifyInstance;
  readonly #idle = Promise.withResolvers<void>();
  readonly #others: Server[] = [];

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  begun(): void {
    this.#underWay += 1;
  }

  ended(): void {
    this.#underWay -= 1;
    this.#checkIdle();
  }

  closeToo(server: Server): void {
    if (this.isDraining) server.close();
    else this.#others.push(server);
  }

  async run(): Promise<void> {
    const { server } = this.#app;
    server.close();
    for (const other of this.#others) other.close();
    this.isDraining = true;
    this.#checkIdle();
    await this.#idle.promise;
    server.closeAllConnections();
    await this.#app.close();
  }

  #checkIdle(): void {
    if (this.isDraining && this.#underWay === 0) this.#idle.resolve();
  }
}
