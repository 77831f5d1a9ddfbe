import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Answers a request: what it starts, now or later, belongs to it. */
export type Around = (answer: () => void) => void;

/**
 * Answers each request that comes over the network within `around`. Those that we hand to ourselves are answered within the one
 * that makes them.
 */
export function answerAround(app: FastifyInstance, around: Around): void {
  app.addHook('onRequest', (request, _reply, answer) => {
    if (request.raw.socket instanceof Socket) around(answer);
    else answer();
  });
}
