import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asset } from './assets.ts';
import { codingFor } from './coding.ts';

/** A file never changes under its name, which contains its hash. */
const forever = 'public, max-age=31536000, immutable';

/**
 * A worker does not inherit the policy of its page. It has the policy with which its script was sent. The workers of the
 * editor load only scripts.
 */
const workerPolicy = "default-src 'none'; script-src 'self'";

/** Answers with a file, or with 304 if the client has it. Without a file, answers as at an unknown address. */
export async function sendAsset(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  asset: Asset | undefined,
): Promise<FastifyReply> {
  if (!asset) {
    reply.callNotFound();
    return reply;
  }
  const coding = codingFor(headers['accept-encoding']);
  const tag = `"${asset.name}-${coding}"`;
  reply
    .header('cache-control', forever)
    .header('etag', tag)
    .header('vary', 'Accept-Encoding')
    .header('content-security-policy', workerPolicy)
    .header('cross-origin-resource-policy', 'same-origin');
  if (isKnown(headers['if-none-match'], tag)) return reply.code(304).send();
  if (coding !== 'identity') reply.header('content-encoding', coding);
  return reply.type(asset.mediaType).send(await asset.encoded(coding));
}

/** Whether `If-None-Match` names an entity tag (RFC 9110 §13.1.2). */
function isKnown(condition: string | undefined, tag: string): boolean {
  return (condition ?? '').split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')));
}
