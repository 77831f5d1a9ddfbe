import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse, validate } from 'graphql';
import type { ExecuteQuery } from '../../../src/auth/execute/executor.ts';
import { assertSame, type BothRequest, byExecutor, byGraphql, type Compared } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';
import { type Engine, ownEngine } from '../auth/engine.ts';
import { randomChoices } from '../auth/generate/choices.ts';
import { makeOdd, oddDocument, oddSdl } from './odd/schema.ts';
import { createScript, type Script } from './odd/script.ts';
import { oddRoot } from './odd/values.ts';
import { countUnhandled } from '../auth/unhandled-rejections.ts';
import { type Doses, failureOf, repeat } from './repeat.ts';

/** Counts of what a run covered. */
interface OddSeen {
  queries: number;
  errors: number;
  whole: number;
  nothing: number;
  /** Results in which another error has dropped a branch. */
  raced: number;
}

/** How many documents one case has. */
const documentsEach = 4;
/** How often each document runs, with other values, another caller and other variables. */
const variants = 6;

/** Returns the result, or the message of the error of `JSON.stringify`. */
async function outcome(run: () => Promise<Compared | null>): Promise<Compared | null> {
  try {
    return await run();
  } catch (error) {
    return { data: JSON.stringify(`thrown: ${String(error)}`), errors: [], paths: [] };
  }
}

/**
 * Compares the executor with graphql-js, for resolvers that return, throw and promise odd values.
 *
 * @param engine - the engine, or a copy with a planted fault
 * @returns counts of what was compared
 * @throws Error if the results differ, or if the executor leaves more rejections unhandled
 */
export async function compareOddExecutor(doses: Doses, engine: Engine = ownEngine): Promise<OddSeen> {
  const seen: OddSeen = { queries: 0, errors: 0, whole: 0, nothing: 0, raced: 0 };
  const { schema } = engine.createGuardedSchema({ modules: [{ name: 'odd', typeDefs: oddSdl }] });
  const executorOf = (compileAfter: number): ExecuteQuery =>
    engine.createExecutor(schema, { compileAfter, compileIntervalMs: 0 });
  const executors = [executorOf(0), executorOf(2), executorOf(Infinity)] as const;

  async function compareOnce(
    executeQuery: ExecuteQuery,
    ask: (script: Script) => BothRequest,
    unhandled: () => Promise<number>,
  ): Promise<void> {
    const script = createScript();
    const found = await outcome(() => byExecutor(executeQuery, ask(script)));
    await script.idle();
    const dropped = await unhandled();
    const wanted = await outcome(() => byGraphql(schema, ask(script)));
    await script.idle();
    const alsoDropped = await unhandled();
    assert.ok(found && wanted);
    if (!assertSame(found, wanted, true)) seen.raced += 1;
    assert.ok(dropped <= alsoDropped, `${dropped} rejections were not handled, with graphql-js ${alsoDropped}`);
    seen.queries += 1;
    if (found.data === 'null') seen.nothing += 1;
    else if (found.errors.length > 0) seen.errors += 1;
    else seen.whole += 1;
  }

  await countUnhandled((unhandled) =>
    repeat(
      'executor-odd',
      fc.nat(),
      async (first) => {
        const choose = randomChoices(first);
        for (let at = 0; at < documentsEach; at += 1) {
          const executeQuery = choose.one(executors);
          const source = oddDocument(choose);
          const document = parse(source);
          assert.deepEqual(validate(schema, document), [], source);
          for (let variant = 0; variant < variants; variant += 1) {
            makeOdd(schema, choose);
            const seed = first + at * 100 + variant;
            const scopes = ['a', 'b'].filter(() => !choose.rarely(2));
            const principal = principalFor({ scopes }, engine);
            const variables = { on: choose.rarely(2), ...(choose.rarely(2) && { i: choose.one([null, 3]) }) };
            const changesAt = choose.rarely(3) ? 1 + choose.below(30) : -1;
            const ask = (script: Script) => {
              const context = { principal };
              let reads = 0;
              const onRead = (): void => {
                reads += 1;
                if (reads === changesAt) context.principal = principalFor({ scopes: [] }, engine);
              };
              return {
                document,
                variables,
                rootValue: () => oddRoot(seed, script, onRead),
                contextValue: () => context,
              };
            };
            try {
              await compareOnce(executeQuery, ask, unhandled);
            } catch (error) {
              const { serialize } = schema.getType('Any') as { serialize?: unknown };
              throw failureOf(error, source, { scopes, changesAt, variables, seed, serialize: String(serialize) });
            }
          }
        }
        return documentsEach * variants;
      },
      doses,
    ),
  );
  return seen;
}
