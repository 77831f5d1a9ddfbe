import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Runs the handler of one request in a new async context. All work that the handler starts runs in this context too.
 */
export type Around = (answer: () => void) => void;

/**
 * Handles each request from the network inside `around`. A request that the server sends to itself stays in the context
 * of the request that causes it.
 */
export function answerAround(app: FastifyInstance, around: Around): void {
  app.addHook('onRequest', (request, _reply, answer) => {
    if (request.raw.socket instanceof Socket) around(answer);
    else answer();
  });
}
