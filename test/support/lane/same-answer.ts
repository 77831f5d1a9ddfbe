import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { assertSameErrors, type ErrorAt } from '../same-errors.ts';
import type { Observed } from './observed.ts';

/**
 * How alike two answers are.
 *
 * - `same`: byte for byte.
 * - `raced`: the errors have another order, because several rejections race.
 * - `dropped`: `data` is the same, and the errors differ only below a value that is not an object. graphql-js has dropped
 *   this branch. It reports the errors of a dropped branch that settle before the answer is written. Apollo Server
 *   writes it some turns of the microtask queue later than the lane.
 * - `unwritable`: the answer is the same, and its result cannot be written as JSON. Apollo Server finds this after the
 *   outcome of the operation was counted and the errors of resolvers were logged. Both servers log an error.
 */
export type Likeness = 'same' | 'raced' | 'dropped' | 'unwritable';

/** Compares two observations. @throws AssertionError if they differ in another way than `Likeness` states */
export function likenessOf(found: Observed, wanted: Observed): Likeness {
  try {
    assert.deepEqual(found, wanted);
    return 'same';
  } catch (error) {
    const [a, b] = [resultOf(found), resultOf(wanted)];
    if (!a || !b) throw error;
    assert.deepEqual(a.always, b.always);
    if (isUnwritable(found, wanted)) return 'unwritable';
    if (isDeepStrictEqual([a.log, a.errors.toSorted()], [b.log, b.errors.toSorted()])) return 'raced';
    assertSameErrors(a.data, errorsAt(a), errorsAt(b));
    return 'dropped';
  }
}

function isUnwritable(found: Observed, wanted: Observed): boolean {
  if (wanted.status !== 500 || found.body !== wanted.body || wanted.body.includes('"data":')) return false;
  return [found, wanted].every(({ log }) => log.some(({ level }) => level === 'error'));
}

interface Result {
  readonly always: object;
  readonly log: readonly string[];
  readonly data: unknown;
  readonly errors: readonly string[];
}

/** Reads a result with errors; null if the body is no result. */
function resultOf({ body, headers, log, ...rest }: Observed): Result | null {
  if (!body.startsWith('{')) return null;
  const { data, errors = [] } = JSON.parse(body) as { readonly data?: unknown; readonly errors?: readonly unknown[] };
  if (!Array.isArray(errors)) return null;
  return {
    always: {
      ...rest,
      headers: headers.filter((line) => !line.startsWith('content-length:')),
      data: JSON.stringify(data),
    },
    log: log.map((line) => JSON.stringify(line)).toSorted(),
    data,
    errors: errors.map((error) => JSON.stringify(error)),
  };
}

function errorsAt({ errors }: Result): readonly ErrorAt[] {
  return errors.map((text) => ({
    text,
    path: (JSON.parse(text) as { readonly path?: readonly (string | number)[] }).path,
  }));
}
