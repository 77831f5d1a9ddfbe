import type { Answer, Operation } from '../answers/answer.ts';
import { callerEnded, type Failure, notGraphQL, stopped, tooLarge, unreachable } from './failure.ts';
import { readText } from '../../session/body.ts';
import { own } from '../answers/path.ts';

/** The callers that a request needs. `Callers` of `session/` has these members. */
export interface Authorizer {
  list(): readonly {
    readonly id: string;
    readonly label: string;
    readonly kind: 'anonymous' | 'signed-in' | 'pasted';
  }[];
  authorization(id: string): Promise<string | null>;
  renew(id: string): Promise<void>;
}

export interface RequestOptions {
  readonly endpoint: string;
  readonly callers: Authorizer;
  readonly fetch: typeof fetch;
  /** Returns the present time, in milliseconds. */
  readonly now: () => number;
  /** The largest answer that is read, in bytes. Default: 16 MiB. */
  readonly maxBytes?: number;
}

/** Sends an operation as one caller. It never throws. */
export type SendAs = (operation: Operation, callerId: string, signal: AbortSignal) => Promise<Answer>;

/** The parts of an answer that one HTTP request yields. */
type Exchange = Pick<Answer, 'status' | 'result' | 'failure' | 'requestId'>;

/**
 * Makes the function that sends an operation as one caller. It never throws: an answer without data has a failure.
 *
 * If the server refuses the token with `invalid_token` (RFC 6750 §3.1), the token of a signed-in caller is renewed once
 * and a query is sent again. A mutation is never sent twice.
 */
export function createSender({ endpoint, callers, fetch, now, maxBytes = 16 * 1_048_576 }: RequestOptions): SendAs {
  async function send(operation: Operation, authorization: string | null, signal: AbortSignal): Promise<Exchange> {
    const { kind, ...body } = operation;
    let response: Response;
    try {
      response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(authorization !== null && { authorization }),
        },
        body: JSON.stringify(body),
        signal,
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      });
    } catch {
      return {
        status: null,
        result: undefined,
        requestId: null,
        failure: signal.aborted ? stopped(kind) : unreachable(),
      };
    }
    const { status, headers } = response;
    const requestId = headers.get('x-request-id');
    try {
      const text = await readText(response, maxBytes);
      if (text === null) return { status, requestId, result: undefined, failure: tooLarge(maxBytes) };
      const result = parse(text);
      const isAnswer = own(result, 'data') !== undefined || Array.isArray(own(result, 'errors'));
      const failure = isAnswer ? null : notGraphQL(status, headers.get('retry-after'), now());
      return { status, requestId, result: isAnswer ? result : undefined, failure };
    } catch {
      return { status, requestId, result: undefined, failure: signal.aborted ? stopped(kind) : unreachable() };
    }
  }

  return async (operation, callerId, signal) => {
    const started = now();
    const caller = callers.list().find(({ id }) => id === callerId);
    const finish = (exchange: Exchange, wasRepeated: boolean): Answer => ({
      ...exchange,
      callerId,
      label: caller?.label ?? 'A removed caller',
      durationMs: now() - started,
      wasRepeated,
    });
    const ended = (error: unknown) =>
      finish({ status: null, result: undefined, requestId: null, failure: reasonOf(error) }, false);
    if (!caller) return ended(new Error('This caller was removed.'));
    try {
      let exchange = await send(operation, await callers.authorization(callerId), signal);
      const repeats = operation.kind === 'query' && caller.kind === 'signed-in' && isInvalidToken(exchange);
      if (!repeats || signal.aborted) return finish(exchange, false);
      await callers.renew(callerId);
      exchange = await send(operation, await callers.authorization(callerId), signal);
      return finish(exchange, true);
    } catch (error) {
      return ended(error);
    }
  };
}

function reasonOf(error: unknown): Failure {
  return callerEnded(
    error instanceof Error && error.message !== '' ? error.message : 'The token of this caller has ended.',
  );
}

function isInvalidToken({ status, result }: Exchange): boolean {
  const errors = own(result, 'errors');
  if (status !== 401 || !Array.isArray(errors)) return false;
  return errors.some((error) => own(own(error, 'extensions'), 'code') === 'INVALID_TOKEN');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
