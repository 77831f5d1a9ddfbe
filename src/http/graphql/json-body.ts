import type { FastifyInstance, FastifyRequest } from 'fastify';
import { charsetFault, codingFault } from '../body-coding.ts';
import { jsonFaultOf } from './json-fault.ts';
import { Refused } from '../refusal.ts';

/**
 * Reads only bodies of `application/json`, because any page can post plain text without a preflight. Each fault has its
 * own message. The message repeats nothing of the body.
 *
 * A body with a coding that the server does not decode is refused before any byte of it is read.
 */
export function readJsonBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addHook('onRequest', (request, reply, done) => {
    const fault = codingFault(request.headers);
    if (!fault) return done();
    if (fault.reason === 'mediaType') reply.header('accept-encoding', 'identity'); // RFC 9110 §15.5.16
    done(new Refused(fault.message, fault.reason));
  });
  const readJson = jsonReader(scope);
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const text = textOf(request, body);
    if (text instanceof Refused) return done(text);
    let value: unknown;
    try {
      value = readJson(text);
    } catch {
      return done(faultOf(text));
    }
    done(null, value);
  });
}

/** Parses JSON. Throws for malformed JSON, and for the members `__proto__` and `constructor.prototype`. */
export type ReadJson = (text: string) => unknown;

/** Makes a function that parses JSON with Fastify's own parser. */
export function jsonReader(scope: FastifyInstance): ReadJson {
  // The parser calls back before it returns, and does not use its first argument.
  const parse = scope.getDefaultJsonParser('error', 'error') as unknown as (...args: [null, string, Done]) => void;
  let fault: Error | null = null;
  let read: unknown;
  const done: Done = (error, value) => {
    fault = error;
    read = value;
  };
  return (text) => {
    parse(null, text, done);
    const value = read;
    read = undefined;
    if (fault !== null) throw fault;
    return value;
  };
}

type Done = (error: Error | null, value?: unknown) => void;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf({ headers }: FastifyRequest, body: Buffer): string | Refused {
  const fault = charsetFault(headers['content-type']);
  if (fault) return new Refused(fault.message, fault.reason);
  try {
    const text = utf8.decode(body);
    return text.trim() === '' ? new Refused('The body is empty: expected a JSON object with the member query') : text;
  } catch {
    return new Refused('The body is not UTF-8: JSON is sent as UTF-8 (RFC 8259 §8.1)');
  }
}

function faultOf(text: string): Refused {
  try {
    JSON.parse(text);
    return new Refused('The body has a member named __proto__, or constructor.prototype, which is not read');
  } catch {
    const { line, column, isEnd } = jsonFaultOf(text);
    const what = isEnd ? 'it ends too early, at' : 'unexpected character at';
    return new Refused(`The body is not JSON: ${what} line ${line}, column ${column}`);
  }
}
