import type { Writable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import { faultOf } from '../../api/operation/operation.ts';
import type { StreamErrors } from './stream-errors.ts';

/** How often a comment is sent, so that no proxy closes the connection as idle. */
const commentEveryMs = 12_000;
/** How long a client may leave sent data unread. */
const stalledMs = 30_000;

/** Where events are written. */
interface Target {
  readonly body: Writable;
  readonly errors: StreamErrors;
  /** Ends a connection whose client does not read. */
  readonly hangUp: () => void;
}

type Results = ExecutionResult | AsyncIterable<ExecutionResult>;

/**
 * Writes the results of an operation as server-sent events: `next` for each, then `complete`. It requests the next result only after the
 * client has read the one before, and disconnects a client that stops reading.
 *
 * @param results - neither the promise nor the iterable rejects
 * @throws the error of a formatter that failed. The client then gets no `complete`
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

/** Formats a result. A result that is not JSON is reported as a fault of the server, in the last event. */
function format(result: ExecutionResult, errors: StreamErrors): { readonly data: string; readonly isLast: boolean } {
  try {
    return { data: JSON.stringify(errors.result(result)), isLast: false };
  } catch (error) {
    return { data: JSON.stringify({ errors: errors.format([faultOf(error)]) }), isLast: true };
  }
}

/** Waits until the client has read what was written. @returns false where it has stopped reading */
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
