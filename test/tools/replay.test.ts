import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCallerHash } from '../../src/auth/recorded/hash.ts';
import { plainCaller } from '../../src/auth/recorded/plain-caller.ts';
import { ageClassOf, recordedCaller, type RecordedCaller } from '../../src/auth/recorded/recorded-caller.ts';
import { judgeReplay } from '../../src/tools/replay/allow.ts';
import { chosenTraffic } from '../../src/tools/replay/chosen.ts';
import { replayMarkdown } from '../../src/tools/replay/markdown.ts';
import { replayJson, replayText } from '../../src/tools/replay/report.ts';
import { type Replay, replayOf, type ReplayOptions } from '../../src/tools/replay/replay.ts';
import type { Traffic, TrafficRow } from '../../src/tools/replay/traffic.ts';
import { plain } from '../../src/tools/report/paint.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { type Caller, principalFor } from '../support/callers.ts';

const hash = createCallerHash(Buffer.alloc(32, 1));
const otherHash = createCallerHash(Buffer.alloc(32, 2));
const now = 1_800_000_000_000;

const source = (text: string) => sourceOfSdl('x.graphql', [{ name: 'x.graphql', text }]);

/** Makes the row of a caller's requests. */
function row(document: string, caller: Caller, changes: Partial<RecordedCaller> = {}, given = hash): TrafficRow {
  const shape = { name: /\bquery (\w+)/.exec(document)?.[1] ?? null, document };
  if (caller === null) return { shape, caller: null, clientId: null, requests: 1 };
  const principal = principalFor(caller);
  assert.notEqual(principal.kind, 'anonymous');
  const facts = recordedCaller(
    plainCaller(principal as never, () => false),
    ageClassOf(principal as never, now),
    given,
  );
  const id = JSON.stringify(facts);
  return {
    shape,
    caller: { id, keyName: given.keyName, facts: { ...facts, ...changes } },
    clientId: 'web',
    requests: 1,
  };
}

const trafficOf = (...rows: readonly TrafficRow[]): Traffic => ({ rows, days: null, unrecorded: new Map() });

function replay(
  before: string,
  after: string,
  rows: readonly TrafficRow[],
  options: Partial<ReplayOptions> = {},
): Replay {
  return replayOf({ before: source(before), after: source(after) }, trafficOf(...rows), {
    hashes: [hash],
    strict: false,
    now,
    ...options,
  });
}

const summary = ({ findings, unchanged }: Replay) => [
  ...findings.map(
    ({ kind, fields, reason }) => `${kind} ${reason ?? fields.map(({ coordinate }) => coordinate).join()}`,
  ),
  ...(unchanged > 0 ? [`unchanged ${unchanged}`] : []),
];

/** Replays one request of a caller. */
const one = (before: string, after: string, document: string, caller: Caller, changes?: Partial<RecordedCaller>) =>
  summary(replay(before, after, [row(document, caller, changes)]));

const field = (rule: string) => `type Query { a: Int ${rule} }`;

describe('a replay', () => {
  it('does not know what was not recorded of a caller, and never takes it for allowed', () => {
    const role = '@auth(claims: [{ claim: "role", oneOf: ["admin"] }])';
    const path = hash.path(['role']);
    const cases: readonly (readonly [string, Partial<RecordedCaller>, string])[] = [
      [role, { claims: [{ path, kind: 'hidden' }] }, 'unknown Query.a'],
      [role, { moreClaims: true }, 'unknown Query.a'],
      [role, {}, 'denied Query.a'],
      ['@auth(claims: [{ claim: "role", exists: true }])', { claims: [{ path, kind: 'hidden' }] }, 'unchanged 1'],
      [
        '@auth(claims: [{ claim: ["role", "of"], contains: "x" }])',
        { claims: [{ path, kind: 'hidden' }] },
        'unknown Query.a',
      ],
      [
        '@auth(claims: [{ claim: ["role", "of"], contains: "x" }])',
        { claims: [{ path, kind: 'other' }] },
        'denied Query.a',
      ],
      ['@auth(scope: "gone")', { moreScopes: true }, 'unknown Query.a'],
      ['@auth(maxAge: 100)', { age: [60, 300] }, 'unknown Query.a'],
      ['@auth(maxAge: 60)', { age: [60, 300] }, 'denied Query.a'],
      ['@auth(maxAge: 300)', { age: [60, 300] }, 'unchanged 1'],
      ['@auth(maxAge: 99999999)', { age: [2_592_000, null] }, 'unknown Query.a'],
      ['@auth(maxAge: 300)', {}, 'denied Query.a'],
      // What else denies is certain.
      ['@auth(scope: "gone", maxAge: 100)', { age: [60, 300] }, 'denied Query.a'],
    ];
    for (const [rule, changes, expected] of cases)
      assert.deepEqual(one(field('@auth'), field(rule), '{ a }', {}, changes), [expected], rule);
  });

  it('counts owners and policies as depends, unless they stay the same at the same place', () => {
    const owned = (rule: string) => `type Query { a(id: ID, other: ID): Int ${rule} }`;
    const ask = (before: string, after: string) => one(owned(before), owned(after), '{ a(id: "") }', {});
    assert.deepEqual(ask('@auth', '@auth(owner: "$id")'), ['depends Query.a']);
    assert.deepEqual(ask('@auth(owner: "$id")', '@auth'), ['depends Query.a']);
    assert.deepEqual(ask('@auth(owner: "$id")', '@auth(owner: "$other")'), ['depends Query.a']);
    assert.deepEqual(ask('@auth(policy: ["p"])', '@auth(policy: ["q"])'), ['depends Query.a']);
    assert.deepEqual(ask('@auth(owner: "$id")', '@auth(owner: "$id")'), ['unchanged 1']);
    assert.deepEqual(ask('@auth(owner: "$id")', '@auth(owner: "$id") @auth(scope: "x")'), ['denied Query.a']);
    // Without an account, no owner can hold.
    assert.deepEqual(one(owned('@auth'), owned('@auth(owner: "$id")'), '{ a(id: "") }', { accountId: null }), [
      'denied Query.a',
    ]);
  });

  it('compares decisions and not the text of rules', () => {
    const typed = (onField: string, onType: string) => `type Query { t: T ${onField} } type T ${onType} { a: Int }`;
    assert.deepEqual(
      one(typed('@auth(scope: "a")', ''), typed('@public', '@auth(scope: "a")'), '{ t { a } }', { scopes: [] }),
      ['unchanged 1'],
    );
    assert.deepEqual(
      one(field('@auth(scope: "a b")'), field('@auth(scope: ["b a", "c"])'), '{ a }', { scopes: ['a', 'b'] }),
      ['unchanged 1'],
    );
    const renamed = (type: string, rule: string) => `type Query { t: ${type} @public } type ${type} { a: Int ${rule} }`;
    assert.deepEqual(one(renamed('Old', ''), renamed('New', '@auth'), '{ t { a } }', null), ['denied New.a']);
    assert.deepEqual(one(field('@public'), field('@public @auth(scope: "a", mode: SHADOW)'), '{ a }', null), [
      'unchanged 1',
    ]);
  });

  it('leaves to depends what only some variables supply or include', () => {
    const schema = (rule: string) =>
      `type Query { a(i: I): Int @public b: Int @public } input I { x: Int ${rule} y: Int! }`;
    const ask = (document: string) => one(schema(''), schema('@auth'), document, null);
    assert.deepEqual(ask('query ($v: I) { a(i: $v) }'), ['depends Query.a']);
    assert.deepEqual(ask('query ($v: Int) { a(i: { y: 0, x: $v }) }'), ['depends Query.a']);
    assert.deepEqual(ask('{ a(i: { y: 0, x: 0 }) }'), ['denied Query.a']);
    assert.deepEqual(ask('{ a(i: { y: 0 }) }'), ['unchanged 1']);
    assert.deepEqual(ask('query ($v: Boolean!) { b a(i: { y: 0, x: 0 }) @skip(if: $v) }'), ['depends Query.a']);
    assert.deepEqual(ask('{ b a(i: { y: 0, x: 0 }) @skip(if: true) }'), ['unchanged 1']);
  });

  it('leaves to depends what only some possible types deny', () => {
    const union = (more: string, rule: string) =>
      `type Query { u: U @public } union U = A${more} type A @auth(scope: "a") { x: Int } type B ${rule} { x: Int }`;
    const document = '{ u { __typename } }';
    assert.deepEqual(one(union('', ''), union(' | B', ''), document, {}), ['depends Query.u']);
    assert.deepEqual(one(union(' | B', ''), union(' | B', '@auth(scope: "b")'), document, {}), ['denied Query.u']);
    assert.deepEqual(one(union(' | B', '@auth(scope: "b")'), union(' | B', ''), document, {}), ['depends Query.u']);
  });

  it('denies a mutation as a whole, and a query too if the configuration says so', () => {
    const schema = (a: string, b: string) =>
      `type Query { a: Int ${a} b: Int ${b} } type Mutation { a: Int ${a} b: Int ${b} }`;
    const [before, after] = [schema('@auth(scope: "a")', '@public'), schema('@public', '@auth(scope: "b")')];
    assert.deepEqual(one(before, after, '{ a b }', null), ['denied Query.b', 'let in Query.a']);
    assert.deepEqual(one(before, after, 'mutation { a b }', null), ['unchanged 1']);
    assert.deepEqual(summary(replay(before, after, [row('{ a b }', null)], { strict: true })), ['unchanged 1']);
    const open = schema('@public', '@public');
    assert.deepEqual(one(before, open, 'mutation { a b }', null), ['let in Mutation.a']);
    assert.deepEqual(one(open, after, 'mutation { a b }', null), ['denied Mutation.b']);
  });

  it('reports what is not valid, cannot be read, or was recorded with another key', () => {
    const [before, after] = [field('@auth(scope: "a")'), 'type Query { a: Int @public, b: Int @public }'];
    const unreadable = { ...row('{ a }', {}), caller: { id: 'x', keyName: hash.keyName, facts: null } };
    const rows = [
      row('{ c }', null),
      row('{ b }', null),
      row('{ a', null),
      unreadable,
      row('{ a }', {}, {}, otherHash),
      row('{ a }', null),
    ];
    const found = replay(before, after, rows);
    assert.deepEqual(summary(found), [
      'invalid Cannot query field "c" on type "Query". Did you mean "a" or "b"?',
      'unknown the operation is not valid for the present schema',
      'unknown the recorded operation cannot be read',
      'unknown what was recorded of the caller cannot be read',
      'let in Query.a',
    ]);
    assert.deepEqual([...found.otherKeys], [[otherHash.keyName, 1]]);
    assert.deepEqual(summary(replay(before, after, [row('{ a }', {}, {}, otherHash)], { hashes: [hash, otherHash] })), [
      'let in Query.a',
    ]);
  });

  it("leaves out Claimgate's own root fields that one of the schemas does not have", () => {
    const own = 'viewer: V @auth accounts: Int @auth';
    const before = `type Query { a: Int @public ${own} } type V { x: Int }`;
    const after = 'type Query { a: Int @auth }';
    const ownFields = new Set(['Query.viewer', 'Query.accounts']);
    const ask = (document: string) => summary(replay(before, after, [row(document, null)], { ownFields }));
    assert.deepEqual(ask('{ viewer { x } accounts }'), ['unchanged 1']);
    assert.deepEqual(
      ask(
        'query ($v: Boolean!) { a ...F ...G ... { accounts } } fragment F on Query { viewer { ...H } } fragment G on Query { a } fragment H on V { x @skip(if: $v) }',
      ),
      ['denied Query.a'],
    );
    assert.deepEqual(ask('{ gone viewer { x } }'), ['invalid Cannot query field "gone" on type "Query".']);
    assert.deepEqual(summary(replay(before, after, [row('{ viewer { x } }', null)])), [
      'invalid Cannot query field "viewer" on type "Query".',
    ]);
  });

  it('never judges what is nested too deep, and goes on', () => {
    const schema = (rule: string) => `type Query { q: Query ${rule} a: Int @public }`;
    const deep = `${'{ q '.repeat(4_000)}{ a }${'}'.repeat(4_000)}`;
    const found = replay(schema('@public'), schema('@auth'), [row(deep, null), row('{ q { a } }', null)]);
    const kinds = found.findings.map(({ kind }) => kind);
    assert.equal(kinds.length, 2);
    assert.ok(kinds.includes('denied') && found.unchanged === 0, kinds.join());
  });

  it('sees rules of inputs that are nested as deep as some server takes', () => {
    const inputs = Array.from({ length: 70 }, (_, at) => `input I${at} { next: I${at + 1} }`).join(' ');
    const schema = (rule: string) => `type Query { f(a: I0): Int @public } ${inputs} input I70 { a: Int ${rule} }`;
    const found = replay(schema(''), schema('@auth(scope: "deep")'), [row('query ($v: I0) { f(a: $v) }', {})]);
    assert.equal(found.unchanged, 0);
  });

  it('accepts denials by coordinate and rule, and names entries that cover none', () => {
    const found = replay(field('@auth'), field('@auth(scope: "b a")'), [row('query Q { a }', {}), row('{ a }', {})]);
    const none = judgeReplay(found, new Map());
    assert.deepEqual([none.requests, none.refused.length], [2, 1]);
    assert.deepEqual(judgeReplay(found, new Map([['Query.a', 'a & b']])), {
      refused: [],
      requests: 0,
      invalid: [],
      stale: [],
    });
    const other = judgeReplay(
      found,
      new Map([
        ['Query.a', 'a'],
        ['Query.b', 'x'],
      ]),
    );
    assert.equal(other.requests, 2);
    assert.deepEqual(other.stale, [
      'Query.a: accepted was "a"; found "a & b", which is not accepted',
      'Query.b: no request is denied anew; remove the entry',
    ]);
    // The entry can be for a client that is left out.
    assert.deepEqual(judgeReplay(found, new Map([['Query.b', 'x']]), true).stale, [
      'Query.b: no request is denied anew among those that are not left out',
    ]);
  });

  it('writes names of clients and operations so that they control neither the terminal nor the page', () => {
    const hostile = { ...row('query Q { a }', {}), clientId: '\u001b[2J|<script>`x`\n# claimgate' };
    const found = replay(field('@auth'), field('@auth(scope: "b")'), [hostile]);
    const traffic: Traffic = {
      rows: [hostile],
      days: { first: '2026-11-23', last: '2026-11-29' },
      unrecorded: new Map([['too many', 1_234]]),
    };
    const reported = {
      replay: found,
      traffic,
      judged: judgeReplay(found, new Map()),
      allowed: new Map<string, string>(),
    };
    const [text, markdown] = [replayText(reported, plain), replayMarkdown(reported)];
    for (const one of [text, markdown]) assert.ok(!one.includes('\u001b') && !one.includes('\n# claimgate'), one);
    assert.ok(!markdown.includes('<script>'));
    assert.match(text, /Of 1 request of 2026-11-23 to 2026-11-29, 1 would be denied anew/);
    assert.match(text, /Not recorded: 1,234 requests \(too many\)\.\n$/);
    assert.equal(JSON.parse(replayJson(reported)).findings[0].client, hostile.clientId);
  });

  it('takes no client for callers without a token, whatever its client ID is', () => {
    const name = 'callers without a token';
    const hostile = { ...row('{ a }', {}), clientId: name };
    const traffic = trafficOf(hostile, row('{ a }', null), { ...row('{ a }', {}), clientId: null });
    const { traffic: left } = chosenTraffic(traffic, { only: [], not: [name] });
    assert.deepEqual(left.rows, [hostile, traffic.rows[2]]);
    assert.deepEqual([...(left.leftOut ?? [])], [[name, 1]]);
    const only = (given: string) => chosenTraffic(traffic, { only: [given], not: [] }).traffic.rows;
    assert.deepEqual(only(`"${name}"`), [hostile]);
    assert.deepEqual(only('tokens without a client'), [traffic.rows[2]]);
  });

  it('wraps what rules require beside its label on a terminal, and keeps entries whole', () => {
    const many = Array.from({ length: 20 }, (_, at) => `scope-${at}`).join(' ');
    const rows = [row('query Q { a }', {})];
    const found = replay(field('@auth'), field(`@auth(scope: "${many}")`), rows);
    const reported = {
      replay: found,
      traffic: trafficOf(...rows),
      judged: judgeReplay(found, new Map()),
      allowed: new Map<string, string>(),
    };
    const lines = replayText(reported, plain, 80).split('\n');
    assert.ok(lines.every((line) => line.length <= 80 || line.startsWith('  accept   ')));
    assert.match(lines[4] ?? '', /^ {11}\S/);
    assert.equal(lines.join(' ').replaceAll(/ +/g, ' '), replayText(reported, plain).replaceAll(/\s+/g, ' '));
  });
});
