import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GraphQLFieldResolver, type GraphQLResolveInfo, Kind } from 'graphql';
import type { Policy } from '../../../src/auth/policies/policy.ts';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import type { Witness } from '../../../src/auth/algebra/witness.ts';
import { anonymous, makePrincipal, type Principal } from '../../../src/principal.ts';
import type { Change } from '../../../src/tools/diff/change.ts';
import { diffOf } from '../../../src/tools/diff/diff.ts';
import { sourceOfSdl } from '../../../src/tools/source/sdl.ts';
import { dose } from '../../support/dose.ts';
import { ask, guardOne } from '../../support/rules.ts';
import { randomChoices } from '../auth/generate/choices.ts';
import { callersOf, type ModelCaller, type Read, readFields, suppliesInput, withFewQuestions } from './model.ts';
import { changed, type Flavour, makeShape, objects, ownerField, sdlOf, type Shape } from './shape.ts';

const pairs = dose('properties/diff/diff.test.ts');
/** The examples of one pair in so many are executed, of each flavour. */
const executedEach = 4;
const counts = new Map<string, number>();

/** Returns the first type condition of a selection, so that the value has the type that the operation asks for. */
function askedType({ fieldNodes }: GraphQLResolveInfo): string | undefined {
  const [first] = fieldNodes[0]?.selectionSet?.selections ?? [];
  return first?.kind === Kind.INLINE_FRAGMENT ? first.typeCondition?.name.value : undefined;
}

/** Runs an operation for the principal, in the world of the witness. The next run begins after the end of this one. */
type Run = (operation: string, principal: Principal, witness: Witness) => ReturnType<typeof ask>;

/** Returns how operations of one schema are run. The schema is made for the first run. */
function runOf({ fields }: Shape, sdl: string): Run {
  let world: Witness | undefined;
  let guarded: GuardedSchema | undefined;
  const resolvers: Record<string, Record<string, GraphQLFieldResolver<unknown, unknown>>> = {};
  for (const [coordinate, { returns, isList }] of fields) {
    const [type = '', name = ''] = coordinate.split('.');
    const resolve = (_parent: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo): unknown => {
      const value = returns === 'Int' ? 1 : { __typename: askedType(info) ?? returns, id: 1, ok: 1 };
      return isList ? [value] : value;
    };
    (resolvers[type] ??= {})[name] = resolve;
  }
  for (const at of objects.flatMap((type) => [type, ...['f', 'g', 'h', 'i'].map((name) => `${type}.${name}`)])) {
    const [type = ''] = at.split('.');
    const isOwner = () => world?.owners.some(({ about }) => about === at);
    (resolvers[type] ??= {})[ownerField(at)] = () => (isOwner() ? 'witness-account' : 'another');
  }
  const p: Policy = (requests) =>
    requests.map(({ coordinate }) => world?.policies.some(({ about }) => about === coordinate) === true);
  return (operation, principal, witness) => {
    world = witness;
    guarded ??= guardOne(sdl, { resolvers, policies: { p }, clock: () => world?.now ?? 0 });
    return ask(guarded, operation, principal);
  };
}

/** Whether an answer to one path of fields has a value at its end. */
function hasValue(data: unknown): boolean {
  let value = data;
  while (typeof value === 'object' && value !== null) [value] = Object.values(value);
  return value !== null && value !== undefined;
}

async function assertShown(change: Change, before: Run, after: Run) {
  const { witness, operation } = change.example ?? assert.fail(`${change.coordinate}: has no example`);
  assert.ok(operation !== null, change.coordinate);
  const principal: Principal = witness.principal.kind === 'anonymous' ? anonymous : makePrincipal(witness.principal);
  const [denied, allowed] = await Promise.all([before, after].map((run) => run(operation, principal, witness)));
  assert.equal(hasValue(denied?.data), false, `${change.coordinate}: the old schema allows ${operation}`);
  assert.equal(hasValue(allowed?.data), true, `${change.coordinate}: the new schema denies ${operation}`);
}

/** What one caller reads and supplies before and now. */
interface Compared {
  readonly caller: ModelCaller;
  readonly was: Read;
  readonly is: Read;
}

/** Whether some callers are in anew, and whether some are no longer. */
interface Expected {
  readonly gains: boolean;
  readonly loses: boolean;
}

const inputs = ['In.x', 'In.kind', 'Kind.ONE', 'Kind.TWO'];

function expectedField(reads: readonly Compared[], coordinate: string): Expected {
  return {
    gains: reads.some(({ was, is }) => !was.fields.has(coordinate) && is.fields.has(coordinate)),
    loses: reads.some(({ was, is }) => was.fields.has(coordinate) && !is.fields.has(coordinate)),
  };
}

/** An argument counts where the field lets the caller in, and only if its own rule changed in this direction. */
function expectedInput(reads: readonly Compared[], old: Shape, recent: Shape, coordinate: string): Expected {
  const [field = ''] = coordinate.split('(');
  const isRead = ({ fields }: Read): boolean => !coordinate.endsWith(')') || fields.has(field);
  const each = reads.map(({ caller, was, is }) => {
    const own = [suppliesInput(old, coordinate, caller), suppliesInput(recent, coordinate, caller)];
    return { own, all: [own[0] && isRead(was), own[1] && isRead(is)] };
  });
  const has = (before: boolean): boolean =>
    each.some(({ own }) => own[0] === before && own[1] === !before) &&
    each.some(({ all }) => all[0] === before && all[1] === !before);
  return { gains: has(false), loses: has(true) };
}

/** Whether an operation of one field with one input is allowed anew for some caller. */
function isShownByOperation(reads: readonly Compared[], old: Shape, recent: Shape, coordinate: string): boolean {
  const [owner = ''] = coordinate.split('(');
  const uses = [...recent.fields].filter(([at, { hasKind, hasInputs }]) =>
    coordinate.endsWith(')') ? at === owner : hasInputs || hasKind,
  );
  if (uses.length > 8) return false;
  const allows = (shape: Shape, read: Read, caller: ModelCaller, at: string, kind: string, place: string): boolean => {
    const field = shape.fields.get(at);
    const same = recent.fields.get(at);
    if (!field || !same || field.hasKind !== same.hasKind) return false;
    if (!read.calls.has(field.hasKind ? `${at} ${kind}` : at)) return false;
    if (place === 'required') return field.hasKind;
    const supplied = coordinate.startsWith('Kind') ? ['In.kind', coordinate] : [coordinate];
    const value = coordinate === 'In.kind' ? [...supplied, `Kind.${kind}`] : supplied;
    return field.hasInputs && value.every((input) => suppliesInput(shape, input, caller));
  };
  return uses.some(([at]) =>
    ['ONE', 'TWO'].some((kind) =>
      ['optional', ...(coordinate === `Kind.${kind}` ? ['required'] : [])].some((place) =>
        reads.some(
          ({ caller, was, is }) =>
            allows(recent, is, caller, at, kind, place) && !allows(old, was, caller, at, kind, place),
        ),
      ),
    ),
  );
}

/** Checks the verdict on one element. A caller who depends on a question that is new may make it incomparable. */
function assertVerdict(change: Change | undefined, { gains, loses }: Expected, message: () => string): void {
  const expected = gains ? (loses ? 'incomparable' : 'wider') : loses ? 'narrower' : 'same';
  const verdict = change && change.verdict !== 'moved' ? change.verdict : 'same';
  counts.set(expected, (counts.get(expected) ?? 0) + 1);
  if (verdict === expected) return;
  const isQuestion = (change?.example?.depends.length ?? 0) > 0;
  assert.ok(
    expected === 'wider' && verdict === 'incomparable' && isQuestion,
    `${verdict}, not ${expected}: ${message()}`,
  );
  counts.set('depends', (counts.get('depends') ?? 0) + 1);
}

describe('the difference of generated schemas', () => {
  it('reports a widening exactly where a caller gets in anew, and the example shows it', async () => {
    const flavours: readonly Flavour[] = ['roles', 'questions', 'ages', 'alternatives'];
    for (let seed = 1; seed <= pairs; seed += 1) {
      const choose = randomChoices(seed);
      const flavour = flavours[seed % flavours.length] ?? 'roles';
      const old = makeShape(choose, flavour);
      const recent = changed(old, choose, flavour);
      withFewQuestions([old, recent]);
      const [oldSdl, newSdl] = [sdlOf(old), sdlOf(recent)];
      const [before, after] = [oldSdl, newSdl].map((text) => sourceOfSdl('s', [{ name: 's.graphql', text }]));
      assert.ok(before && after);
      const { changes, undecided } = diffOf(before, after);
      assert.deepEqual(undecided, []);
      const found = new Map(changes.map((change) => [change.coordinate, change]));
      const reads = callersOf([old, recent]).map(
        (caller): Compared => ({ caller, was: readFields(old, caller), is: readFields(recent, caller) }),
      );
      const isExecuted = Math.floor(seed / flavours.length) % executedEach === 0;
      const [runBefore, runAfter] = [runOf(old, oldSdl), runOf(recent, newSdl)] as const;
      const ids = ['A.id', 'B.id', 'C.id'];
      const common = [...ids, ...old.fields.keys()].filter((at) => ids.includes(at) || recent.fields.has(at));
      for (const coordinate of common) {
        const expected = expectedField(reads, coordinate);
        const change = found.get(coordinate);
        const message = () => `seed ${seed}: ${coordinate}\n${oldSdl}\n${newSdl}`;
        assertVerdict(change, expected, message);
        if (!expected.gains || !change) continue;
        const cause = change.through === null ? change : found.get(change.through);
        assert.ok(cause?.isFinding, `seed ${seed}: ${coordinate} is behind no widening`);
        if (isExecuted) await assertShown(change, runBefore, runAfter);
      }
      const args = common.filter((at) => old.fields.get(at)?.hasInputs && recent.fields.get(at)?.hasInputs);
      for (const coordinate of [...inputs, ...args.map((at) => `${at}(at:)`)]) {
        const expected = expectedInput(reads, old, recent, coordinate);
        const change = found.get(coordinate);
        const message = () => `seed ${seed}: ${coordinate}\n${oldSdl}\n${newSdl}`;
        assertVerdict(change, expected, message);
        if (!expected.gains || !change) continue;
        assert.ok(change.isFinding, message());
        const isShown = isShownByOperation(reads, old, recent, coordinate);
        if (isShown) assert.ok(change.example?.operation, `no operation: ${message()}`);
        if (change.example?.operation) counts.set('input', (counts.get('input') ?? 0) + 1);
        if (isExecuted && change.example?.operation) await assertShown(change, runBefore, runAfter);
      }
    }
    for (const verdict of ['wider', 'narrower', 'incomparable', 'same', 'input']) {
      assert.ok((counts.get(verdict) ?? 0) > pairs / 20, `${verdict}: ${counts.get(verdict)}`);
    }
  });
});
