import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ExecutionResult, graphql, Kind, parse, subscribe, validate } from 'graphql';
import { repeatsDenial } from '../../../src/auth/decide/denial-error.ts';
import { principalFor } from '../../support/callers.ts';
import { type AuthCase, laterCases, nameOf } from './case.ts';
import { authCases } from './cases.ts';
import { makeWorld } from './world.ts';

const world = makeWorld();
const { guarded, runs } = world;

/** Executes an operation without a plan (B-21). */
async function execute(authCase: AuthCase): Promise<ExecutionResult> {
  const { document, operationName, variables = {}, caller } = authCase;
  const request = {
    schema: guarded.schema,
    contextValue: { principal: principalFor(caller) },
    variableValues: structuredClone(variables),
    ...(operationName !== undefined && { operationName }),
  };
  if (!document.startsWith('subscription')) return graphql({ ...request, source: document });
  const answer = await subscribe({ ...request, document: parse(document) });
  return 'next' in answer ? ((await answer.next()).value as ExecutionResult) : answer;
}

/** Returns the coordinate of each error, without repetitions. The plan leaves out repetitions too. */
function coordinatesOf({ errors = [] }: ExecutionResult): readonly unknown[] {
  const repeats = repeatsDenial();
  return errors
    .filter((error) => !repeats(error))
    .map(({ extensions, message }) => extensions['coordinate'] ?? message);
}

/** Gives objects a prototype, because the executor creates objects without one. */
function plain(data: unknown): unknown {
  return data === undefined ? null : JSON.parse(JSON.stringify(data));
}

function assertNoData(data: unknown): void {
  const values = Object.entries(plain(data) ?? {}).filter(([, value]) => value !== 'Query');
  assert.ok(
    values.every(([, value]) => value === null),
    JSON.stringify(data),
  );
}

for (const authCase of authCases) {
  const { outcome, document, operationName, variables = {}, caller } = authCase;
  it(`${nameOf(authCase)}, executed directly`, async () => {
    const parsed = parse(document);
    assert.deepEqual(validate(guarded.schema, parsed), []);
    const verdict = guarded.decideOperation({
      document: parsed,
      operationName,
      variables,
      principal: principalFor(caller),
    });
    runs.length = 0;
    const result = await execute(authCase);
    if (outcome.is === 'answered') {
      assert.equal(verdict.kind, 'run');
      assert.deepEqual(plain(result.data), outcome.data);
      assert.deepEqual(coordinatesOf(result), outcome.denied);
      for (const coordinate of outcome.unrun ?? outcome.denied) assert.ok(!runs.includes(coordinate), coordinate);
      return;
    }
    assertNoData(result.data);
    assert.deepEqual(runs, []);
    if (outcome.is === 'refused') {
      assert.ok(verdict.kind === 'refuse');
      assert.equal(verdict.code, outcome.code);
      const denied = verdict.denials.map(({ coordinate }) => coordinate ?? '');
      assert.deepEqual(denied.toSorted(), outcome.denied.toSorted());
      const codes = new Set(result.errors?.map(({ extensions }) => extensions['code']));
      assert.ok(codes.has(outcome.code), [...codes].join());
    } else {
      assert.equal(verdict.kind, 'run');
      for (const coordinate of outcome.denied) assert.ok(coordinatesOf(result).includes(coordinate), coordinate);
    }
  });
}

// `skip` with a reason, because reporters print `todo` as a failure.
for (const { id, later } of laterCases) it(id, { skip: `deferred: ${later}` }, () => assert.fail(later));

it('the table has at least 150 rows, each once', () => {
  const names = new Set(authCases.map(nameOf));
  assert.equal(names.size, authCases.length);
  assert.ok(names.size >= 150, String(names.size));
});

it('every document without an operation name has only one operation', () => {
  for (const { document, operationName } of authCases) {
    const operations = parse(document).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    assert.ok(operations.length === 1 || operationName !== undefined);
  }
});
