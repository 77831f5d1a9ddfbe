import type { FastifyInstance, FastifyRequest } from 'fastify';
import { jsonFaultOf } from './json-fault.ts';
import { Refused } from '../refusal.ts';

/**
 * Reads bodies of `application/json`, and of no other type: plain text is what a page of another site can post without being asked.
 * Each fault has a message of its own, which repeats nothing of the body.
 *
 * A body with a `Content-Encoding` is refused before any of it is read: a compressed one could be much larger than what arrives.
 */
export function readJsonBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addHook('onRequest', async (request, reply) => {
    const encodings = (request.headers['content-encoding'] ?? '').split(',').map((text) => text.trim().toLowerCase());
    const unread = encodings.find((encoding) => encoding !== '' && encoding !== 'identity');
    if (unread === undefined) return;
    reply.header('accept-encoding', 'identity'); // RFC 9110 §15.5.16
    const name = known.has(unread) ? `Content-Encoding: ${unread}` : 'A Content-Encoding';
    throw new Refused(415, `${name} is not decoded here: send the body as it is, without the Content-Encoding header`);
  });
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const text = textOf(request, body);
    if (text instanceof Refused) return done(text);
    // Beside what is no JSON it refuses `__proto__` among the names.
    void parse(request, text, (error, value) => done(error && faultOf(text), value));
  });
}

const known: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'compress', 'x-compress']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf({ headers }: FastifyRequest, body: Buffer): string | Refused {
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    return new Refused(415, 'The charset of the Content-Type is not read here: JSON is sent as UTF-8 (RFC 8259 §8.1)');
  }
  try {
    const text = utf8.decode(body);
    return text.trim() === ''
      ? new Refused(400, 'The body is empty: expected a JSON object with the member query')
      : text;
  } catch {
    return new Refused(400, 'The body is not UTF-8: JSON is sent as UTF-8 (RFC 8259 §8.1)');
  }
}

function faultOf(text: string): Refused {
  try {
    JSON.parse(text);
    return new Refused(400, 'The body has a member named __proto__, or constructor.prototype, which is not read');
  } catch {
    const { line, column, isEnd } = jsonFaultOf(text);
    const what = isEnd ? 'it ends too early, at' : 'unexpected character at';
    return new Refused(400, `The body is not JSON: ${what} line ${line}, column ${column}`);
  }
}
