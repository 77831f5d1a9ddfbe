import { execute, type ExecutionResult, GraphQLError } from 'graphql';
import type { ErrorCode } from '../../../errors.ts';
import type { PreparedOperation } from './prepared.ts';

/** Turns a thrown value into the error of a result. An error without a code is a fault of the server. */
export function faultOf(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && error.extensions['code'] !== undefined) return error;
  const isForeign = error instanceof Error && !(error instanceof GraphQLError);
  const originalError = isForeign ? error : new Error('An operation threw', { cause: error });
  const extensions = { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode };
  return new GraphQLError('Internal server error', { originalError, extensions });
}

/**
 * Returns the results of a subscription. The operation is executed for each event of the source. If the source fails or
 * the connection ends with an error, the last result has this error. After a client unsubscribes, no further event is
 * executed.
 *
 * This function is not a generator. While a generator waits for the next event, other code cannot end it, for example
 * when the token expires. The iterator's `next` and `return` never reject.
 */
export function eventsOf(
  source: AsyncIterable<unknown>,
  { caller, end, ...args }: PreparedOperation,
): AsyncIterableIterator<ExecutionResult, undefined> {
  const events = source[Symbol.asyncIterator]();
  let done = false;
  let lastFault: GraphQLError | null = null;
  let release = (): void => {};
  let pending: Promise<unknown> = Promise.resolve();
  let running = 1; // The source itself.

  const settle = (): void => {
    running -= 1;
    if (running === 0) end();
  };
  const stopListening = caller.onEnd((fault) => leave(fault));
  if (caller.fault) leave(caller.fault);

  /** Ends the results. @param fault - the fault of the last result. @returns `false` if the results had ended before */
  function finish(fault: GraphQLError | null): boolean {
    if (done) return false;
    done = true;
    lastFault = fault;
    stopListening();
    release(); // Settles a pending `next()`.
    return true;
  }

  /** Ends the results before the source has ended. */
  function leave(fault: GraphQLError | null): void {
    // This call is not awaited. A generator that waits for its next event returns only after this event.
    if (finish(fault)) returnSource().then(settle, settle);
  }

  /** Ends the source. A source without `return` has ended when its pending `next()` has settled. */
  async function returnSource(): Promise<void> {
    if (typeof events.return === 'function') await events.return();
    else await pending;
  }

  async function pull(): Promise<{ readonly done: boolean; readonly value: unknown }> {
    const event: unknown = await events.next();
    if (typeof event !== 'object' || event === null) {
      throw new TypeError('The source of a subscription gave an iterator result that is not an object');
    }
    // If a getter throws here, it counts as a fault of the source.
    const { done, value } = event as IteratorResult<unknown>;
    return { done: Boolean(done), value: done ? undefined : value };
  }

  /** Returns the next event. `null` if the results end before it. */
  async function step(): Promise<{ readonly value: unknown } | null> {
    const { promise, resolve } = Promise.withResolvers<{ readonly value: unknown } | null>();
    release = () => resolve(null);
    const endSource = (fault: GraphQLError | null): void => {
      if (finish(fault)) settle();
    };
    pending = pull().then(
      ({ done: atEnd, value }) => (atEnd ? endSource(null) : resolve({ value })),
      (error: unknown) => endSource(faultOf(error)),
    );
    return promise;
  }

  async function executed(rootValue: unknown): Promise<ExecutionResult> {
    running += 1;
    try {
      return await execute({ ...args, rootValue, contextValue: caller.context() });
    } catch (error) {
      return { errors: [faultOf(error)] };
    } finally {
      settle();
    }
  }

  return {
    async next() {
      const event = done ? null : await step();
      // `done` is read again, because the connection may have ended during the wait.
      if (event && !done) return { done: false, value: await executed(event.value) };
      if (lastFault === null) return { done: true, value: undefined };
      const errors = [lastFault];
      lastFault = null;
      return { done: false, value: { errors } };
    },
    async return() {
      leave(null);
      lastFault = null;
      return { done: true, value: undefined };
    },
    async throw(error) {
      leave(null);
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
