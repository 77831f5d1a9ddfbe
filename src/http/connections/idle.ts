import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { idleTimeoutMs } from './keep-alive.ts';

/** How often the server looks at its connections. It closes an idle connection at most two of these too late. */
const sweepMs = 1_000;

/** The parts of the system that the sweep uses. The tests replace them. */
export interface SweepSystem {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** Calls a function again and again. It must not keep the process running. @returns a function that ends this */
  readonly every: (run: () => void, ms: number) => () => void;
}

const systemOfNode: SweepSystem = {
  nowMs: () => performance.now(),
  every(run, ms) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};

/**
 * Watches the long timeouts of all connections with one timer. Node sets the timeout of an idle connection after each
 * answer, and removes it when the next request begins. Node would make a timer each time, which takes 3 % of the time of
 * a small query.
 *
 * Node still decides when a connection is idle, and for how long, by `socket.setTimeout`. A received byte begins the time
 * anew, as with the timer of Node. At the end of the time the socket emits `timeout`, for which Node closes the
 * connection. Node's limits on the time of arrival of a request do not depend on this.
 */
export function sweepIdleConnections(server: Server, { nowMs, every }: SweepSystem = systemOfNode): void {
  const watched = new Set<IdleWatch>();
  let stop: (() => void) | null = null;
  const lookAtAll = () => {
    const now = nowMs();
    for (const watch of watched) watch.look(now);
  };
  server.on('connection', (socket) => {
    if (!(socket instanceof Socket)) return; // A server can also be given other streams.
    const watch = new IdleWatch(socket);
    watched.add(watch);
    stop ??= every(lookAtAll, sweepMs);
    socket.once('close', () => {
      watched.delete(watch);
      if (watched.size > 0) return;
      stop?.();
      stop = null;
    });
  });
}

/** The timeout of one connection. */
class IdleWatch {
  readonly #socket: Socket;
  /** 0: the connection may be idle. */
  #limitMs = 0;
  /** The bytes that had arrived at the last look. Null: the connection was not idle then. */
  #bytes: number | null = null;
  #idleSinceMs = 0;
  /** Whether Node may have a timer for the connection. */
  #hasTimer = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setTimeout = (ms, callback) => {
      this.#bytes = null;
      const isWatched = callback === undefined && (ms === 0 || ms >= idleTimeoutMs.ofCallers);
      this.#limitMs = isWatched ? ms : 0;
      if (this.#hasTimer || !isWatched) {
        this.#hasTimer = !isWatched;
        Socket.prototype.setTimeout.call(socket, isWatched ? 0 : ms, callback);
      }
      if (isWatched) (socket as { timeout?: number }).timeout = ms;
      return socket;
    };
  }

  /** Ends the connection if it has been idle for too long. */
  look(nowMs: number): void {
    if (this.#limitMs === 0) return;
    const { bytesRead } = this.#socket;
    if (bytesRead !== this.#bytes) {
      this.#bytes = bytesRead;
      this.#idleSinceMs = nowMs;
    } else if (nowMs - this.#idleSinceMs >= this.#limitMs) {
      this.#limitMs = 0;
      this.#socket.emit('timeout');
    }
  }
}
