import { execute, type ExecutionResult, GraphQLError } from 'graphql';
import type { ErrorCode } from '../../../errors.ts';
import type { PreparedOperation } from './prepared.ts';

/** The fault that a result carries for what was thrown. An error without a code is a fault of the server. */
export function faultOf(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && error.extensions['code'] !== undefined) return error;
  const isForeign = error instanceof Error && !(error instanceof GraphQLError);
  const originalError = isForeign ? error : new Error('An operation threw', { cause: error });
  const extensions = { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode };
  return new GraphQLError('Internal server error', { originalError, extensions });
}

/**
 * The results of a subscription, each event of the source executed anew. The last result holds the fault of the source, or the
 * fault that ended the connection; a client that unsubscribes gets no more.
 *
 * This is not a generator: a generator that waits for the next event could not be ended from outside, and the end of a token
 * does not wait for events. It never rejects.
 */
export function eventsOf(
  source: AsyncIterable<unknown>,
  { caller, end, ...args }: PreparedOperation,
): AsyncIterableIterator<ExecutionResult, undefined> {
  const events = source[Symbol.asyncIterator]();
  let done = false;
  let farewell: GraphQLError | null = null;
  let release = (): void => {};
  let turn: Promise<unknown> = Promise.resolve();
  let underWay = 1; // The source itself.

  const settle = (): void => {
    underWay -= 1;
    if (underWay === 0) end();
  };
  const stop = caller.onEnd((fault) => leave(fault));
  if (caller.fault) leave(caller.fault);

  /** Ends the results. @param fault what the last one says */
  function finish(fault: GraphQLError | null): boolean {
    if (done) return false;
    done = true;
    farewell = fault;
    stop();
    release(); // Settles a pending `next()`.
    return true;
  }

  /** Ends the results before the source has ended. */
  function leave(fault: GraphQLError | null): void {
    // Not awaited: an author's generator that waits for its next event does not return before that event.
    if (finish(fault)) returnSource().then(settle, settle);
  }

  /** An iterator without `return` has ended once its pending `next()` has settled. */
  async function returnSource(): Promise<void> {
    if (typeof events.return === 'function') await events.return();
    else await turn;
  }

  async function pull(): Promise<{ readonly done: boolean; readonly value: unknown }> {
    const event: unknown = await events.next();
    if (typeof event !== 'object' || event === null) {
      throw new TypeError('The source of a subscription gave an iterator result that is not an object');
    }
    // Read here, where a getter that throws is a fault of the source.
    const { done, value } = event as IteratorResult<unknown>;
    return { done: Boolean(done), value: done ? undefined : value };
  }

  /** The next event; `null` where the results have ended meanwhile. */
  async function step(): Promise<{ readonly value: unknown } | null> {
    const { promise, resolve } = Promise.withResolvers<{ readonly value: unknown } | null>();
    release = () => resolve(null);
    const over = (fault: GraphQLError | null): void => {
      if (finish(fault)) settle();
    };
    turn = pull().then(
      ({ done: atEnd, value }) => (atEnd ? over(null) : resolve({ value })),
      (error: unknown) => over(faultOf(error)),
    );
    return promise;
  }

  async function executed(rootValue: unknown): Promise<ExecutionResult> {
    underWay += 1;
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
      // Also where the results ended in the same moment: no event is executed for a caller whose time is up.
      if (event && !done) return { done: false, value: await executed(event.value) };
      if (farewell === null) return { done: true, value: undefined };
      const errors = [farewell];
      farewell = null;
      return { done: false, value: { errors } };
    },
    async return() {
      leave(null);
      farewell = null;
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
