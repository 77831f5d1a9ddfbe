import type { Writable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import { faultOf } from '../../api/operation/operation.ts';
import { eventStream } from './answer-form.ts';
import type { StreamErrors } from './stream-errors.ts';

/** How often the server sends a comment. The comments prevent proxies from closing the connection as idle. */
const commentEveryMs = 12_000;
/** How long the buffer of unread data may be full. */
const stalledMs = 30_000;

/** The headers of an event stream. They prevent proxies from delaying the events. */
export const streamHeaders: Readonly<Record<string, string>> = {
  'content-type': `${eventStream}; charset=utf-8`,
  // Without this header, nginx and some other proxies buffer the answer.
  'x-accel-buffering': 'no',
  // A proxy that compresses the answer would buffer it. `no-transform` forbids the compression (RFC 9111 §5.2.2.6).
  'cache-control': 'no-store, no-transform',
};

/** The target of the events. */
interface Target {
  readonly body: Writable;
  readonly errors: StreamErrors;
  /** Ends a connection whose client does not read. */
  readonly hangUp: () => void;
}

type Results = ExecutionResult | AsyncIterable<ExecutionResult>;

/**
 * Writes the results of an operation as server-sent events: `next` for each result, then `complete`. It requests the
 * next result only while the buffer of unread data has room. It disconnects a client if the buffer has no room for 30
 * s.
 *
 * @param results - must not reject, neither the promise nor the iterable
 * @throws the error of the formatter, if it throws. The client then gets no `complete`
 */
export async function writeEvents(results: Promise<Results>, { body, errors, hangUp }: Target): Promise<void> {
  // A client that disconnects is not a fault.
  body.on('error', () => {});
  body.write(':\n\n'); // Some browsers wait for the first bytes.
  const timer = setInterval(() => {
    if (!body.writableNeedDrain) body.write(':\n\n');
  }, commentEveryMs);
  try {
    for await (const result of each(await results)) {
      if (body.destroyed) break;
      const event = format(result, errors);
      body.write(`event: next\ndata: ${event.data}\n\n`);
      if (!(await drained(body))) hangUp();
      if (event.isLast || body.destroyed) break;
    }
    body.end('event: complete\ndata:\n\n');
  } finally {
    clearInterval(timer);
  }
}

async function* each(results: Results): AsyncGenerator<ExecutionResult> {
  if (Symbol.asyncIterator in results) yield* results;
  else yield results;
}

/** Formats a result. If JSON cannot represent the result, the last event reports a fault of the server. */
function format(result: ExecutionResult, errors: StreamErrors): { readonly data: string; readonly isLast: boolean } {
  try {
    return { data: JSON.stringify(errors.result(result)), isLast: false };
  } catch (error) {
    return { data: JSON.stringify({ errors: errors.format([faultOf(error)]) }), isLast: true };
  }
}

/**
 * Waits until the buffer of unread data has room, or the answer is closed.
 *
 * @returns false if the client does not empty the buffer within 30 s
 */
async function drained(body: Writable): Promise<boolean> {
  if (!body.writableNeedDrain || body.destroyed) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const heard = (): void => resolve(true);
  const timer = setTimeout(() => resolve(false), stalledMs);
  body.once('drain', heard).once('close', heard);
  const isRead = await promise;
  clearTimeout(timer);
  body.off('drain', heard).off('close', heard);
  return isRead;
}
