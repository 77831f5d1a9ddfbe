import assert from 'node:assert/strict';
import type { GraphQLError } from 'graphql';
import { assertSameErrors as assertSameKept } from '../../support/same-errors.ts';
import type { Question } from './generate/document.ts';
import type { Answer, Decision } from './engine.ts';
import type { Expected, Path } from './model/model.ts';
import { lacksStepUp, type Rule } from './model/rules.ts';

const codes = new Set<unknown>(['UNAUTHENTICATED', 'FORBIDDEN', 'STEP_UP_REQUIRED']);

export function codeOf(error: GraphQLError): unknown {
  return error.extensions['code'];
}

export function isDenial(error: GraphQLError): boolean {
  return codes.has(codeOf(error));
}

/** Checks the code of a refusal against the rules that refuse. */
export function assertCode(code: unknown, rules: readonly Rule[], { caller }: Question, exact: boolean): void {
  if (caller === null) return assert.equal(code, 'UNAUTHENTICATED');
  const enough = rules.filter((rule) => lacksStepUp(rule, caller)).length;
  // Some rules belong to a type that the document does not name. The error does not report those rules.
  const wanted =
    exact && enough === rules.length && enough > 0
      ? ['STEP_UP_REQUIRED']
      : ['FORBIDDEN', ...(enough > 0 && (!exact || enough === rules.length) ? ['STEP_UP_REQUIRED'] : [])];
  assert.ok(wanted.includes(String(code)), `the code is ${String(code)}; expected ${wanted.join(' or ')}`);
}

/**
 * Checks the errors of an operation that ran, as far as the specification defines them. The expected errors are: one
 * for each selection that is denied for every value; one for each position that a value denies; the unchanged errors of
 * resolvers; one for each new null.
 */
export function assertErrors(answer: Answer, { data, denials, unguarded }: Expected, question: Question): void {
  const { errors } = answer;
  const { caller } = question;
  const { errors: unguardedErrors = [] } = unguarded;
  const lost = nullsIn(unguarded.data); // The engine does not execute fields below such a null.
  const capped = errors.some(({ extensions }) => 'notTold' in extensions);

  for (const error of errors) {
    const path = error.path ?? [];
    if (codeOf(error) !== undefined && isDenial(error)) {
      if ('notTold' in error.extensions) continue;
      const selection = error.extensions['selection'];
      assert.ok(Array.isArray(selection), 'a denial names its selection');
      const known = denials.filter((denial) => same(withoutIndices(denial.path), selection));
      if (known.length === 0) {
        assert.ok(
          lost.some((above) => starts(selection, withoutIndices(above))),
          `nothing denies ${selection.join('.')}`,
        );
        continue;
      }
      const rules = known.flatMap(({ always, ofValue }) => (ofValue ? [] : always));
      // The document names the type of a root field. For any other field, the type of the value can add rules.
      const exact = selection.length === 1 && known.every(({ ofValue }) => !ofValue);
      if (rules.length > 0 || caller === null) assertCode(codeOf(error), rules, question, exact);
      else assert.equal(codeOf(error), 'FORBIDDEN');
      continue;
    }
    const expected = unguardedErrors.some((one) => one.message === error.message && same(one.path ?? [], path));
    assert.ok(
      expected || lost.some((above) => starts(path, above)),
      `the error "${error.message}" at ${path.join('.')} is new`,
    );
  }

  const before = new Set(nullsIn(unguarded.data).map((path) => path.join('.')));
  for (const path of nullsIn(data)) {
    const denied = denials.find((denial) => same(denial.path, path));
    const key = path.join('.');
    // A null that a resolver gave.
    if (before.has(key) && !unguardedErrors.some((error) => starts(error.path ?? [], path))) continue;
    const told = errors.some((error) => starts(error.path ?? [], path) || startsSelection(error, path));
    assert.ok(told || capped, `no error for the null at ${key}`);
    if (!denied || capped || denied.always.length > 0) continue;
    assert.ok(
      errors.some((error) => isDenial(error) && same(error.path ?? [], path)),
      `no error at ${key}, which a value denies`,
    );
  }
}

/** Checks that plan and guard together report the same errors as the guard alone. */
export function assertSameErrors(one: Answer, other: Answer): void {
  const told = ({ errors }: Answer) => errors.map(textOf).sort();
  assert.deepEqual(told(one), told(other));
}

/** Checks that two executors report the same errors, except what a race of rejections decides. The data is the same. */
export function assertRacedErrors(one: Answer, other: Answer): void {
  const at = ({ errors }: Answer) => errors.map((error) => ({ text: textOf(error), path: error.path }));
  assertSameKept(one.data, at(one), at(other));
}

function textOf(error: GraphQLError): string {
  return `${error.path?.join('.')} ${String(codeOf(error))} ${error.message}`;
}

export function assertRefusal(decision: Decision, answer: Answer): void {
  for (const error of answer.errors)
    if (isDenial(error) && !('selection' in error.extensions)) assert.equal(codeOf(error), decision.code);
}

function startsSelection(error: GraphQLError, path: Path): boolean {
  const selection = error.extensions['selection'];
  return Array.isArray(selection) && starts(selection, withoutIndices(path));
}

function withoutIndices(path: Path): Path {
  return path.filter((key) => typeof key === 'string');
}

function same(a: Path, b: Path): boolean {
  return a.length === b.length && starts(a, b);
}

function starts(path: Path, beginning: Path): boolean {
  return beginning.every((key, index) => path[index] === key);
}

/** The paths of all nulls in data. */
function nullsIn(data: unknown, path: Path = []): readonly Path[] {
  if (data === null) return [path];
  if (typeof data !== 'object' || data === undefined) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    nullsIn(value, [...path, Array.isArray(data) ? Number(key) : key]),
  );
}
