import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Runs the answer to a request in a context of its own. Work that the answer starts, now or later, runs in the same context. */
export type Around = (answer: () => void) => void;

/**
 * Answers each request that comes over the network within `around`. A request that the server sends to itself is answered within the
 * request that causes it.
 */
export function answerAround(app: FastifyInstance, around: Around): void {
  app.addHook('onRequest', (request, _reply, answer) => {
    if (request.raw.socket instanceof Socket) around(answer);
    else answer();
  });
}
