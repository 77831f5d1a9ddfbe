import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GraphQLFieldResolver, type GraphQLResolveInfo, Kind } from 'graphql';
import { anonymous, makePrincipal, type Principal } from '../../../src/principal.ts';
import type { Change } from '../../../src/tools/diff/change.ts';
import { diffOf } from '../../../src/tools/diff/diff.ts';
import { sourceOfSdl } from '../../../src/tools/source/sdl.ts';
import { dose } from '../../support/dose.ts';
import { ask, guardOne } from '../../support/rules.ts';
import { randomChoices } from '../auth/generate/choices.ts';
import { callers, readFields } from './model.ts';
import { changed, makeShape, sdlOf, type Shape } from './shape.ts';

const pairs = dose('properties/diff/diff.test.ts');
/** The examples of one pair in so many are executed. */
const executedEach = 4;
const counts = new Map<string, number>();

/** Returns the first type condition of a selection, so that the value has the type that the operation asks for. */
function askedType({ fieldNodes }: GraphQLResolveInfo): string | undefined {
  const [first] = fieldNodes[0]?.selectionSet?.selections ?? [];
  return first?.kind === Kind.INLINE_FRAGMENT ? first.typeCondition?.name.value : undefined;
}

function guardedOf({ fields }: Shape, sdl: string) {
  const resolvers: Record<string, Record<string, GraphQLFieldResolver<unknown, unknown>>> = {};
  for (const [coordinate, { returns, isList }] of fields) {
    const [type = '', name = ''] = coordinate.split('.');
    const resolve = (_parent: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo): unknown => {
      const value = returns === 'Int' ? 1 : { __typename: askedType(info) ?? returns, id: 1 };
      return isList ? [value] : value;
    };
    (resolvers[type] ??= {})[name] = resolve;
  }
  return guardOne(sdl, { resolvers });
}

/** Whether an answer to one path of fields has a value at its end. */
function hasValue(data: unknown): boolean {
  let value = data;
  while (typeof value === 'object' && value !== null) [value] = Object.values(value);
  return value !== null && value !== undefined;
}

async function assertShown(change: Change, before: readonly [Shape, string], after: readonly [Shape, string]) {
  const { witness, operation } = change.example ?? assert.fail(`${change.coordinate}: has no example`);
  assert.ok(operation !== null, change.coordinate);
  const principal: Principal = witness.principal.kind === 'anonymous' ? anonymous : makePrincipal(witness.principal);
  const [denied, allowed] = await Promise.all(
    [before, after].map(([shape, sdl]) => ask(guardedOf(shape, sdl), operation, principal)),
  );
  assert.equal(hasValue(denied?.data), false, `${change.coordinate}: the old schema allows ${operation}`);
  assert.equal(hasValue(allowed?.data), true, `${change.coordinate}: the new schema denies ${operation}`);
}

describe('the difference of generated schemas', () => {
  it('reports a widening exactly where a caller gets in anew, and the example shows it', async () => {
    for (let seed = 1; seed <= pairs; seed += 1) {
      const choose = randomChoices(seed);
      const old = makeShape(choose);
      const recent = changed(old, choose);
      const [oldSdl, newSdl] = [sdlOf(old), sdlOf(recent)];
      const [before, after] = [oldSdl, newSdl].map((text) => sourceOfSdl('s', [{ name: 's.graphql', text }]));
      assert.ok(before && after);
      const { changes, undecided } = diffOf(before, after);
      assert.deepEqual(undecided, []);
      const found = new Map(changes.map((change) => [change.coordinate, change]));
      const reads = callers.map((caller) => [readFields(old, caller), readFields(recent, caller)] as const);
      const ids = ['A.id', 'B.id', 'C.id'];
      const common = [...ids, ...old.fields.keys()].filter((at) => ids.includes(at) || recent.fields.has(at));
      for (const coordinate of common) {
        const gains = reads.some(([was, is]) => !was.has(coordinate) && is.has(coordinate));
        const loses = reads.some(([was, is]) => was.has(coordinate) && !is.has(coordinate));
        const expected = gains ? (loses ? 'incomparable' : 'wider') : loses ? 'narrower' : 'same';
        const change = found.get(coordinate);
        const verdict = change && change.verdict !== 'moved' ? change.verdict : 'same';
        assert.equal(verdict, expected, `seed ${seed}: ${coordinate}\n${oldSdl}\n${newSdl}`);
        counts.set(expected, (counts.get(expected) ?? 0) + 1);
        if (!gains || !change) continue;
        const cause = change.through === null ? change : found.get(change.through);
        assert.ok(cause?.isFinding, `seed ${seed}: ${coordinate} is behind no widening`);
        if (seed % executedEach === 0) await assertShown(change, [old, oldSdl], [recent, newSdl]);
      }
    }
    for (const verdict of ['wider', 'narrower', 'incomparable', 'same']) {
      assert.ok((counts.get(verdict) ?? 0) > pairs / 20, `${verdict}: ${counts.get(verdict)}`);
    }
  });
});
