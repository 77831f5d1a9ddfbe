import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { handedOver } from './lane/lane-request.ts';

/** An async context for each request from the network. */
export interface Around {
  /** Returns the value of the context of a request that arrives now. */
  readonly arrival: () => number;
  /**
   * Runs the handler of one request in a new async context. All work that the handler starts runs in this context too.
   *
   * @param arrival - the value that `arrival` returned for the request
   */
  readonly run: <Values extends readonly unknown[]>(
    arrival: number,
    answer: (...values: Values) => void,
    ...values: Values
  ) => void;
}

/**
 * Handles each request from the network inside `around`. A request that the server sends to itself stays in the context
 * of the request that causes it.
 */
export function answerAround(app: FastifyInstance, around: Around): void {
  app.addHook('onRequest', ({ raw }, _reply, answer) => {
    if (raw.socket instanceof Socket) around.run(handedOver(raw)?.arrival ?? around.arrival(), answer);
    else answer();
  });
}
