import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type GraphQLFieldResolver, parse, validate } from 'graphql';
import { createCallerHash } from '../../src/auth/recorded/hash.ts';
import { plainCaller } from '../../src/auth/recorded/plain-caller.ts';
import { readRecordedCaller, recordedCaller } from '../../src/auth/recorded/recorded-caller.ts';
import { anonymous, type Principal } from '../../src/principal.ts';
import { shapeOf } from '../../src/server/replay/shape.ts';
import { replayOf } from '../../src/tools/replay/replay.ts';
import type { TrafficRow } from '../../src/tools/replay/traffic.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { dose } from '../support/dose.ts';
import { ask, guardOne, person } from '../support/rules.ts';
import { type Choices, randomChoices } from './auth/generate/choices.ts';
import { callersOf } from './diff/model.ts';
import { changed, makeShape, sdlOf, type Shape } from './diff/shape.ts';

const pairs = dose('properties/replay.test.ts');
const hash = createCallerHash(Buffer.alloc(32, 8));
const now = 1_800_000_000_000;
const counts: Record<string, number> = {};

/** Writes selections of a type, with fragments, aliases and arguments. */
function selections(choose: Choices, shape: Shape, type: string, depth: number): string {
  if (type === 'Node' || type === 'Found') {
    const inside = shape.possible[type].map((one) => `... on ${one} { ${selections(choose, shape, one, depth)} }`);
    return `__typename ${type === 'Node' && choose.rarely(2) ? 'id' : ''} ${choose.rarely(3) ? '' : inside.join(' ')}`;
  }
  const fields = [...shape.fields].filter(([at]) => at.startsWith(`${type}.`));
  const written = fields.flatMap(([at, { returns, hasKind }], index) => {
    if (choose.rarely(3) || (depth === 0 && returns !== 'Int')) return [];
    const alias = choose.rarely(3) ? `alias${index}: ` : '';
    const kind = hasKind ? `(kind: ${choose.one(['ONE', 'TWO'])})` : '';
    const below = returns === 'Int' ? '' : `{ ${selections(choose, shape, returns, depth - 1)} }`;
    return `${alias}${at.slice(type.length + 1)}${kind} ${below}`;
  });
  return `${type === 'Query' ? '__typename' : 'id'} ${written.join(' ')}`;
}

function guardedOf({ fields }: Shape, sdl: string, concrete: Readonly<Record<string, string | undefined>>) {
  const resolvers: Record<string, Record<string, GraphQLFieldResolver<unknown, unknown>>> = {};
  for (const [coordinate, { returns, isList }] of fields) {
    const [type = '', name = ''] = coordinate.split('.');
    const value = returns === 'Int' ? 1 : { __typename: concrete[returns] ?? returns, id: 1 };
    (resolvers[type] ??= {})[name] = () => (isList ? [value] : value);
  }
  return guardOne(sdl, { resolvers });
}

function valuesIn(value: unknown, path = ''): readonly string[] {
  if (value === null || value === undefined) return [];
  // A field may become a list.
  if (Array.isArray(value)) return value.flatMap((item) => valuesIn(item, path));
  if (typeof value !== 'object') return [path];
  // An object that is there counts, also if all of its fields are denied.
  const own = path === '' ? [] : [path];
  const below = Object.entries(value).filter(([name]) => name !== '__typename');
  return [...own, ...below.flatMap(([name, member]) => valuesIn(member, `${path}/${name}`))];
}

function rowOf(schema: Parameters<typeof shapeOf>[0], text: string, principal: Principal): TrafficRow {
  const shape = shapeOf(schema, parse(text), null);
  assert.ok(typeof shape === 'object' && shape !== null);
  const facts =
    principal.kind === 'anonymous'
      ? null
      : readRecordedCaller(
          JSON.stringify(
            recordedCaller(
              plainCaller(principal, () => false),
              null,
              hash,
            ),
          ),
        );
  const caller = principal.kind === 'anonymous' ? null : { id: '', keyName: hash.keyName, facts };
  return { shape: { name: null, document: shape.document }, caller, clientId: null, requests: 1 };
}

it(`claimgate replay forecasts what then happens, for ${pairs} pairs of generated schemas`, async (t) => {
  for (let seed = 1; seed <= pairs; seed += 1) {
    const choose = randomChoices(seed);
    const old = makeShape(choose, 'roles');
    const recent = changed(old, choose, 'roles');
    const common = (name: 'Node' | 'Found') => old.possible[name].find((one) => recent.possible[name].includes(one));
    const concrete = { Node: common('Node'), Found: common('Found') };
    const [oldSdl, newSdl] = [sdlOf(old), sdlOf(recent)];
    const text = `{ ${selections(choose, old, 'Query', 2)} }`;
    const [before, after] = [guardedOf(old, oldSdl, concrete), guardedOf(recent, newSdl, concrete)];
    if (!concrete.Node || !concrete.Found || !/\w/.test(text.replaceAll('__typename', ''))) continue;
    if (validate(before.schema, parse(text)).length > 0) continue;
    // Another value of another type says nothing about rules.
    if ([...old.fields].some(([at, { returns }]) => (recent.fields.get(at)?.returns ?? returns) !== returns)) continue;
    const sources = { before: source(oldSdl), after: source(newSdl) };
    for (const one of callersOf([old, recent]).filter(() => choose.rarely(4))) {
      const principal = one
        ? person([...one.scopes].join(' '), one.role === null ? {} : { role: one.role })
        : anonymous;
      const rows = [rowOf(before.schema, text, principal)];
      const traffic = { rows, days: null, unrecorded: new Map<string, number>() };
      const { findings } = replayOf(sources, traffic, { hashes: [hash], strict: false, now });
      const kinds = findings.map(({ kind }) => kind);
      for (const kind of kinds.length > 0 ? kinds : ['unchanged']) counts[kind] = (counts[kind] ?? 0) + 1;
      if (kinds.includes('invalid')) {
        assert.notEqual(validate(after.schema, parse(text)).length, 0);
        continue;
      }
      assert.ok(!kinds.includes('unknown'));
      const [was, is] = (await Promise.all([before, after].map((guarded) => ask(guarded, text, principal)))).map(
        ({ data }) => new Set(valuesIn(data)),
      );
      const label = `seed ${seed}: ${kinds.join()}\n${text}\n${oldSdl}\n${newSdl}\n${JSON.stringify(rows)}`;
      const [lost, gained] = [was!.difference(is!), is!.difference(was!)];
      if (kinds.includes('depends')) continue;
      assert.equal(kinds.includes('denied'), lost.size > 0, `${label}\nlost ${[...lost].join()}`);
      assert.equal(kinds.includes('let in'), gained.size > 0, `${label}\ngained ${[...gained].join()}`);
    }
  }
  t.diagnostic(JSON.stringify(counts));
  for (const kind of ['denied', 'let in', 'depends', 'unchanged', 'invalid']) assert.ok((counts[kind] ?? 0) > 0, kind);
});

function source(text: string) {
  return sourceOfSdl('s', [{ name: 's.graphql', text }]);
}
