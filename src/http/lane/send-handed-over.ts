import type { FastifyReply, FastifyRequest } from 'fastify';
import { handedOver } from './lane-request.ts';

/**
 * Sends the answer that the lane has handed over, as the integration of Apollo Server with Fastify sends an answer.
 *
 * @returns whether there was an answer
 */
export function sendHandedOver({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  const answer = handedOver(raw)?.answer;
  if (answer === undefined) return false;
  for (const [name, value] of answer.headers) reply.header(name, value);
  reply.code(answer.status).send(answer.body);
  return true;
}
