import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../src/tools/diff/change.ts';
import { judge, readAllowed } from '../../src/tools/diff/allow.ts';
import { diffOf } from '../../src/tools/diff/diff.ts';
import { operationChanges } from '../../src/tools/diff/operation-changes.ts';
import { diffJson, diffMarkdown, diffText } from '../../src/tools/diff/report.ts';
import { operationsOf } from '../../src/tools/operations/read.ts';
import { plain } from '../../src/tools/report/paint.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { githubSdl } from '../support/github.ts';

const sourceOf = (text: string) => sourceOfSdl('shop.graphql', [{ name: 'shop.graphql', text }]);
const compared = (before: string, after: string) => diffOf(sourceOf(before), sourceOf(after));
const verdicts = (before: string, after: string) =>
  Object.fromEntries(
    compared(before, after).changes.map(({ coordinate, verdict, isFinding, through }) => [
      coordinate,
      `${verdict}${isFinding ? '!' : ''}${through === null ? '' : ` through ${through}`}`,
    ]),
  );
const change = (before: string, after: string, coordinate: string) => {
  const found = compared(before, after).changes.find((one) => one.coordinate === coordinate);
  assert.ok(found, coordinate);
  return found;
};

describe('the difference of two schemas', () => {
  it('writes the rules of different callers as different texts, with every name of a policy', () => {
    const ruleOf = (policy: string) =>
      change('type Query { x: Int @auth }', `type Query { x: Int @auth(policy: ${policy}) }`, 'Query.x').rule;
    assert.notEqual(ruleOf('"p of Query.x & policy q"'), ruleOf('["p", "q"]'));
    assert.equal(ruleOf('["p", "own/q:r-s"]'), 'policy own/q:r-s of Query.x & policy p of Query.x');
  });

  it('compares what the rules let in, and not their text', () => {
    const query = (rule: string) => `type Query { x: Int @auth(${rule}) }`;
    const pairs: readonly (readonly [string, string, string | undefined])[] = [
      ['scope: "a"', 'scope: "a"', undefined],
      ['scope: ["a", "a b"]', 'scope: "a"', undefined],
      ['scope: "a"', 'anyOf: [{ scope: "a" }, { scope: "a b" }]', undefined],
      ['scope: "a"', 'scope: ["a", "b"]', 'wider!'],
      ['scope: "a b"', 'scope: "b"', 'wider!'],
      ['scope: "b"', 'scope: "a b"', 'narrower'],
      ['scope: "a"', 'scope: "b"', 'incomparable!'],
      ['maxAge: 300', 'maxAge: 600', 'wider!'],
      ['acr: ["gold", "silver"]', 'acr: ["gold"]', 'narrower'],
      ['policy: "p"', 'policy: "p"', undefined],
      ['policy: "p"', 'policy: "q"', 'incomparable!'],
      ['scope: "a"', 'policy: "q", scope: "a"', 'narrower'],
      ['scope: "a"', 'policy: "q"', 'incomparable!'],
      ['policy: "q", scope: "a"', 'policy: "q"', 'wider!'],
      ['scope: "a", mode: SHADOW', 'scope: "a"', 'narrower'],
    ];
    for (const [before, after, expected] of pairs) {
      assert.equal(verdicts(query(before), query(after))['Query.x'], expected, `${before} → ${after}`);
    }
  });

  it('counts the rules of types, interfaces, unions and root types', () => {
    const rest = 'interface Node { id: ID } union Found = A type B { b: Int } ';
    const all = (query: string, node: string, type: string) =>
      `type Query ${query} { a: A @auth(scope: "q") found: Found @auth(scope: "q") } ${rest.replace('id: ID', `id: ID ${node}`)}
      type A implements Node ${type} { id: ID }`;
    const rule = '@auth(scope: "x")';
    assert.deepEqual(verdicts(all('', rule, ''), all('', '', '')), { 'A.id': 'wider!' });
    assert.deepEqual(verdicts(all(rule, '', ''), all('', '', '')), {
      'Query.a': 'wider!',
      'Query.found': 'wider!',
      'A.id': 'wider through Query.a',
    });
    assert.deepEqual(verdicts(all('', '', rule), all('', '', '')), {
      'Query.a': 'wider!',
      'Query.found': 'wider!',
      'A.id': 'wider through Query.a',
    });
    // The rule moves from the field to its type: the same callers read it.
    assert.deepEqual(verdicts(all('', rule, ''), all('', '', rule))['A.id'], 'moved');
  });

  it('finds new ways to a type: fields, returned types, and members of unions', () => {
    const base = 'type A { a: Int } type B { b: Int } union U = A ';
    const open = `type Query { a: A @auth u: U @auth b: B @auth(scope: "b") } ${base}`;
    const withMember = open.replace('U = A', 'U = A | B');
    assert.deepEqual(verdicts(open, withMember), { B: 'wider!', 'B.b': 'wider through B' });
    assert.match(change(open, withMember, 'B.b').example?.operation ?? '', /u \{ \.\.\. on B \{ b \} \}/);
    assert.deepEqual(verdicts(open, open.replace('a: A', 'a: B')), {
      'Query.a': 'moved!',
      'B.b': 'wider through Query.a',
    });
    assert.deepEqual(verdicts(open, open.replace('{ a: A', '{ every: [B] @auth a: A')), {
      'Query.every': 'new!',
      'B.b': 'wider through Query.every',
    });
    // The fields of a new type behind a guarded field are new, and no widening.
    assert.deepEqual(verdicts(open, `${open.replace('{ a: A', '{ c: C @auth a: A')} type C { c: Int }`), {
      'Query.c': 'new',
      'C.c': 'new through Query.c',
    });
    assert.deepEqual(verdicts(open, open.replace('{ a: A', '{ c: Int @public a: A')), { 'Query.c': 'new!' });
    assert.deepEqual(verdicts(open, open.replace('a: Int', 'z: Int')), { 'A.a': 'removed', 'A.z': 'new' });
  });

  it('is no widening if every path needs the removed rule', () => {
    const sdl = (rule: string) => `type Query { a: A @auth(scope: "s") } type A { a: Int ${rule} }`;
    assert.deepEqual(verdicts(sdl('@auth(scope: "s")'), sdl('')), { 'A.a': 'moved' });
    assert.deepEqual(verdicts(sdl(''), sdl('@auth(scope: "s")')), { 'A.a': 'moved' });
  });

  it('compares arguments, input fields and enum values', () => {
    const sdl = (argument: string, field: string, value: string) =>
      `type Query { x(at: Int ${argument} i: I e: E!): Int @auth(scope: "q") }
      input I { f: Int ${field} } enum E { ONE ${value} }`;
    const rule = '@auth(scope: "x")';
    assert.deepEqual(verdicts(sdl(rule, rule, ''), sdl('', '', '')), { 'Query.x(at:)': 'wider!', 'I.f': 'wider!' });
    assert.deepEqual(verdicts(sdl('', '', ''), sdl('', rule, '')), { 'I.f': 'narrower' });
    // The only value of a required argument is a part of the rule of the field.
    assert.deepEqual(verdicts(sdl('', '', rule), sdl('', '', '')), { 'Query.x': 'wider!', 'E.ONE': 'wider!' });
  });

  it('17.4-2 shows the widening of an input with an operation that supplies it', () => {
    const sdl = (rule: string) => `
      type Query { x(at: Int ${rule} i: I e: E!): Int @auth(scope: "q") l(f: [[F!]!]!): A @auth open(g: G): Int @public }
      type A { deep(i: [I!]): Int @auth(scope: "deep") }
      type Mutation { make(j: J!): Int @auth(scope: "m") }
      input I { f: Int ${rule} g: G } input G @oneOf { a: G b: [I!] c: Int } enum E { ONE ${rule} TWO }
      input F @oneOf { and: F or: [F!] id: ID ${rule} } input J { k: [K!]! name: String ${rule} } enum K { ONLY ${rule} }`;
    const rule = '@auth(scope: "x")';
    const shown = compared(sdl(rule), sdl('')).changes.map(({ coordinate, verdict, example }) => {
      const scopes = [...(example?.witness.principal.kind === 'account' ? example.witness.principal.scopes : [])];
      return [coordinate, verdict, scopes.join(' '), example?.operation];
    });
    assert.deepEqual(shown, [
      ['Query.x(at:)', 'wider', 'q', '{ x(e: TWO, at: 1) }'],
      ['I.f', 'wider', 'q', '{ x(e: TWO, i: { f: 1 }) }'],
      ['E.ONE', 'wider', 'q', '{ x(e: ONE) }'],
      ['F.id', 'wider', '', '{ l(f: [[{ id: "example" }]]) { __typename } }'],
      ['J.name', 'wider', 'm', 'mutation { make(j: { k: [], name: "example" }) }'],
      ['K.ONLY', 'wider', 'm', 'mutation { make(j: { k: [ONLY] }) }'],
    ]);
  });

  it('17.4-2 names the caller of a widening that no operation can show', () => {
    const sdl = (rule: string) => `type Query { x: Int @auth } input Lonely { f: Int ${rule} }`;
    const { example, isFinding } = change(sdl('@auth(scope: "x")'), sdl('@auth'), 'Lonely.f');
    assert.ok(isFinding && example?.witness.principal.kind === 'account');
    assert.equal(example.operation, null);
  });

  const many = (count: number, of = 's') => JSON.stringify(Array.from({ length: count }, (_, at) => `${of}${at}`));
  const product = (one: number, other: number) => `@auth(scope: ${many(one)}) @auth(scope: ${many(other, 't')})`;
  const scopesOf = ({ example }: Change) => [
    ...(example?.witness.principal.kind === 'account' ? example.witness.principal.scopes : []),
  ];

  it('17.4-2 finds no change in rules with more alternatives than are compared, if they are the same', () => {
    for (const rule of [`@auth(scope: ${many(40)})`, product(8, 8)]) {
      const sdl = `type Query { x(a: Int ${rule}): A ${rule} u: U ${rule} } type A ${rule} { y: Int } type B ${rule} { z: Int } union U = A | B`;
      assert.deepEqual(compared(sdl, sdl).changes, []);
    }
  });

  it('17.4-2 judges rules with more alternatives than are compared by a caller whom the rules themselves decide', () => {
    const sdl = (rule: string) => `type Query { x: Int ${rule} y(a: Int ${rule}): Int @auth }`;
    const [field, input] = compared(sdl(product(8, 8)), sdl(product(8, 9))).changes;
    assert.ok(field?.isFinding && input?.isFinding);
    for (const found of [field, input]) assert.deepEqual(scopesOf(found), ['s0', 't8']);
    assert.deepEqual([field.example?.operation, input.example?.operation], ['{ x }', '{ y(a: 1) }']);
    // The same callers and fewer: no caller is named who gets in before too.
    for (const { verdict, example, isFinding } of compared(sdl(product(8, 9)), sdl(product(8, 8))).changes) {
      assert.deepEqual([verdict, example, isFinding], ['incomparable', null, true]);
    }
    assert.deepEqual(verdicts(sdl(product(8, 8)), sdl('@auth')), { 'Query.x': 'wider!', 'Query.y(a:)': 'wider!' });
    assert.deepEqual(verdicts(sdl('@auth'), sdl(product(8, 8))), { 'Query.x': 'narrower', 'Query.y(a:)': 'narrower' });
  });

  it('17.4-2 accepts only the same rule, although more alternatives are not compared', () => {
    const sdl = (rule: string) => `type Query { x(a: Int ${rule}): Int ${rule} }`;
    const [wide, wider] = [40, 41].map(
      (count) => compared(sdl('@auth(scope: "x")'), sdl(`@auth(scope: ${many(count)})`)).changes,
    );
    assert.ok(wide && wider);
    assert.equal(wide.length, 2);
    const allowed = new Map(wide.map(({ coordinate, rule }) => [coordinate, rule ?? '']));
    assert.deepEqual(judge(wide, allowed).refused, []);
    assert.equal(judge(wider, allowed).refused.length, 2);
  });

  it('17.4-2 refuses a new way to a type that is reached in more ways than are compared', () => {
    const sdl = (count: number, rest = '') =>
      `type Query { ${Array.from({ length: count }, (_, at) => `f${at}: A @auth(scope: "s${at}")`).join(' ')} u: U @auth(scope: "u") }
      type A { x: Int b: B } type B { y: Int } type C { z: Int } union U = C ${rest}`;
    assert.deepEqual(compared(sdl(40), sdl(40)).changes, []);
    const added = compared(sdl(40), sdl(41));
    assert.deepEqual(added.undecided, ['A.x', 'A.b', 'B.y']);
    assert.deepEqual(verdicts(sdl(40), sdl(41)), { 'Query.f40': 'new!' });
    assert.deepEqual(verdicts(sdl(40), sdl(40, '| A')), { A: 'incomparable!' });
    const reported = { diff: added, judged: judge(added.changes, new Map()), operations: [] };
    assert.match(
      diffText(reported, plain),
      /\nToo many alternatives lead here to know who reads it anew .*: A\.x, A\.b, B\.y\n/,
    );
    // What does not lead there is judged.
    const other = sdl(40).replace('u: U', 'c: C @auth(scope: "c") u: U');
    assert.deepEqual(compared(sdl(40), other).undecided, []);
    assert.deepEqual(verdicts(sdl(40), other), { 'Query.c': 'new!', 'C.z': 'wider through Query.c' });
  });

  it('accepts a widening only with exactly the accepted rule, and names stale entries', () => {
    const before = 'type Query { x: Int @auth(scope: "a b") y: Int @auth }';
    const { changes } = compared(before, before.replace('"a b"', '"a"'));
    const accepted = judge(changes, new Map([['Query.x', 'a']]));
    assert.deepEqual([accepted.refused.length, accepted.accepted.length, accepted.stale], [0, 1, []]);
    const { changes: wider } = compared(before, before.replace('(scope: "a b")', ''));
    const refused = judge(
      wider,
      new Map([
        ['Query.x', 'a'],
        ['Query.y', 'a token'],
      ]),
    );
    assert.equal(refused.refused.length, 1);
    assert.deepEqual(refused.stale, [
      'Query.x: accepted was "a"; found "a token", which is not accepted',
      'Query.y: no widening; remove the entry',
    ]);
  });

  it('wraps what rules require beside its label on a terminal, and keeps what is copied whole', () => {
    const many = Array.from({ length: 20 }, (_, at) => `scope-${at}`).join(' ');
    const schema = (rule: string) => `type Query { x: Int ${rule} }`;
    const diff = compared(schema(`@auth(scope: "${many} more")`), schema(`@auth(scope: "${many}")`));
    const reported = { diff, judged: judge(diff.changes, new Map()), operations: [] };
    const text = diffText(reported, plain, 80);
    const long = text.split('\n').filter((line) => line.length > 80);
    assert.deepEqual(
      long.map((line) => line.slice(0, 11)),
      ['  accept   '],
    );
    assert.match(text, /\n {2}before {3}\S[^\n]*\n {11}\S/);
    assert.equal(text.replaceAll(/\s+/g, ' '), diffText(reported, plain).replaceAll(/\s+/g, ' '));
  });

  it('says how to make a file of accepted widenings that does not exist', async () => {
    await assert.rejects(readAllowed('gone.json', import.meta.dirname), {
      message: 'gone.json: there is no such file; to make it, save the object toAllow of claimgate diff --json',
    });
  });

  it('shows which operations need less, need more, or are not valid', () => {
    const before = sourceOf('type Query { x: Int @auth(scope: "a b") y: Int @auth z: Int @auth }');
    const after = sourceOf('type Query { x: Int @auth(scope: "a") y: Int @auth(scope: "c") }');
    const text = 'query X { x } query Y { y } query Z { z }';
    const operations = operationsOf([{ name: 'q.graphql', text }], 'q.graphql');
    assert.deepEqual(
      operationChanges(before, after, operations).map(({ operation, change }) => [operation.name, change]),
      [
        ['X', 'needs less'],
        ['Y', 'needs more'],
        ['Z', 'invalid'],
      ],
    );
  });

  it('reports as text, JSON and Markdown', () => {
    const diff = compared('type Query { x: Int @auth(scope: "a") }', 'type Query { x: Int @public }');
    const reported = { diff, judged: judge(diff.changes, new Map()), operations: [] };
    assert.equal(
      diffText(reported, plain),
      'wider  Query.x\n  before   the scope `a`\n  now      nothing\n  lets in  a caller without a token\n' +
        '  shown by { x }\n  accept   "Query.x": "every caller"\n\n1 wider. 1 widening.\n',
    );
    const json: unknown = JSON.parse(diffJson(reported));
    assert.ok(json && typeof json === 'object' && 'toAllow' in json);
    assert.deepEqual(json.toAllow, { 'Query.x': 'every caller' });
    assert.match(diffMarkdown(reported), /\| wider \| `Query\.x` \| the scope `a` \| nothing \|/);
  });

  it("compares GitHub's schema in less than 2 s of processor time", () => {
    const sdl = githubSdl();
    const changed = sdl.replace('scope: "security_events", maxAge: 300', 'scope: "security_events"');
    const start = process.cpuUsage();
    const { changes, undecided } = compared(sdl, changed);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1_000} ms`);
    assert.deepEqual(
      changes.filter(({ isFinding }) => isFinding).map(({ coordinate, verdict }) => [coordinate, verdict]),
      [['Repository.vulnerabilityAlerts', 'wider']],
    );
    assert.deepEqual(undecided, []);
  });
});
