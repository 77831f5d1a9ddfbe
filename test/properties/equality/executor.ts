import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type DocumentNode, parse } from 'graphql';
import type { ExecuteQuery } from '../../../src/auth/execute/executor.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';
import { makeWorlds, withMoreScopes } from '../auth/check.ts';
import { type Engine, guardedOf, ownEngine } from '../auth/engine.ts';
import { randomChoices } from '../auth/generate/choices.ts';
import { inputDepth, type Question, variablesOf } from '../auth/generate/document.ts';
import type { Shape } from '../auth/generate/shape.ts';
import { makeRoot, type Read } from '../auth/generate/values.ts';
import { failOnUnhandled } from '../auth/unhandled-rejections.ts';
import { type Doses, failureOf, repeat } from './repeat.ts';

/** Counts of what a run covered. */
interface ExecutorSeen {
  queries: number;
  /** Operations that the executor does not take. */
  others: number;
  errors: number;
  whole: number;
  nothing: number;
  /** Results in which another error has dropped a branch. */
  raced: number;
}

/** How often each query runs, with the callers and the variables of other questions and with other values. */
const variants = 6;

/** Waits until the fields of dropped branches are read. Their promises settle in a few turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise(setImmediate);
}

/**
 * Compares the executor with graphql-js, for generated schemas with rules.
 *
 * @param engine - the engine, or a copy with a planted fault
 * @returns counts of what was compared
 * @throws Error if the results differ, if other fields were read, or if a rejection was not handled
 */
export async function compareExecutor(doses: Doses, engine: Engine = ownEngine): Promise<ExecutorSeen> {
  const seen: ExecutorSeen = { queries: 0, others: 0, errors: 0, whole: 0, nothing: 0, raced: 0 };
  await failOnUnhandled(async (assertHandled) =>
    repeat(
      'executor',
      fc.tuple(
        makeWorlds((at) => at % 2 === 1),
        fc.nat(),
      ),
      async ([{ shape, way, questions }, seed]) => {
        const before = seen.queries;
        const choose = randomChoices(seed);
        const { schema } = guardedOf(engine, shape, way);
        // Selections are compiled before their first object, or after some of them.
        const executeQuery = engine.createExecutor(schema, { compileAfter: choose.below(4), compileIntervalMs: 0 });
        for (const question of questions) {
          // Some depths exhaust the stack, and the frames of the two executors differ in size.
          if ((question.deep ?? 0) > inputDepth + 40) continue;
          const document = parse(question.document);
          let reads: number | null = 0;
          for (let variant = 0; variant < variants; variant += 1) {
            const other = () => questions[choose.below(questions.length)] ?? question;
            // The first two runs are the same, so that the second one has what the first one has prepared.
            const { deep: _, ...rest } = question;
            const varied = variant < 2 ? question : { ...rest, caller: other().caller, variables: other().variables };
            const later = choose.rarely(2) ? null : other().caller;
            const change =
              variant >= 2 && reads > 0 && choose.rarely(2) ? { atRead: 1 + choose.below(reads), caller: later } : null;
            const asked = change === null ? varied : withMoreScopes(varied);
            const current = { ...shape, seed: shape.seed + Math.max(0, variant - 1) };
            try {
              reads = await compareOnce({ schema, executeQuery, document, engine }, current, asked, change, seen);
              if (reads === null) break;
              await assertHandled();
            } catch (error) {
              const made = { odd: shape.odd, seed: current.seed, way, change };
              throw failureOf(error, ...Object.values(shape.modules), asked, shape.authors, made);
            }
          }
        }
        return seen.queries - before;
      },
      doses,
    ),
  );
  return seen;
}

/** A query, and the two ways to run it. */
interface Both {
  readonly schema: Parameters<typeof byGraphql>[0];
  readonly executeQuery: ExecuteQuery;
  readonly document: DocumentNode;
  readonly engine: Engine;
}

/** A change of the caller by a resolver: at which read, and to which caller. */
interface Change {
  readonly atRead: number;
  readonly caller: Question['caller'];
}

/** @returns how many fields were read, or null if the executor does not take the operation */
async function compareOnce(
  { schema, executeQuery, document, engine }: Both,
  shape: Shape,
  question: Question,
  change: Change | null,
  seen: ExecutorSeen,
): Promise<number | null> {
  const read: [Read[], Read[]] = [[], []];
  const principal = principalFor(question.caller, engine);
  const later = change && principalFor(change.caller, engine);
  const request = (index: 0 | 1) => {
    const context = { principal };
    const onRead = (): void => {
      if (later !== null && read[index].length === change?.atRead) context.principal = later;
    };
    return {
      document,
      operationName: question.operationName,
      variables: variablesOf(question),
      rootValue: () => makeRoot(shape, read[index], false, onRead),
      contextValue: () => context,
    };
  };
  const found = await byExecutor(executeQuery, request(0));
  if (found === null) {
    seen.others += 1;
    assert.deepEqual(read[0], []);
    return null;
  }
  await settle();
  const wanted = await byGraphql(schema, request(1));
  await settle();
  if (!assertSame(found, wanted, true)) seen.raced += 1;
  const of = (reads: readonly Read[]) => reads.map(({ parent, field }) => `${parent}.${field}`);
  assert.deepEqual(of(read[0]), of(read[1]));
  seen.queries += 1;
  if (found.data === 'null') seen.nothing += 1;
  else if (found.errors.length > 0) seen.errors += 1;
  else seen.whole += 1;
  return read[0].length;
}
