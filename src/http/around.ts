import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Runs the handler of a request in an async context of its own. Work that the handler starts, now or later, runs in the
 * same context.
 */
export type Around = (answer: () => void) => void;

/**
 * Handles each request from the network inside `around`. A request that the server sends to itself runs in the context
 * of the request that causes it.
 */
export function answerAround(app: FastifyInstance, around: Around): void {
  app.addHook('onRequest', (request, _reply, answer) => {
    if (request.raw.socket instanceof Socket) around(answer);
    else answer();
  });
}
