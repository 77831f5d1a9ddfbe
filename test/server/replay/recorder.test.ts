import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { createCallerHash } from '../../../src/auth/recorded/hash.ts';
import { readRecordedCaller } from '../../../src/auth/recorded/recorded-caller.ts';
import { anonymous, makePrincipal, type Principal, type VerifiedPrincipal } from '../../../src/principal.ts';
import { createRequestRecorder, type RequestRecorder } from '../../../src/server/replay/recorder.ts';
import { shapeOf } from '../../../src/server/replay/shape.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { readRecordedRequests } from '../../../src/store/recorded/read.ts';
import { type Caller, principalFor } from '../../support/callers.ts';
import { onEachDatabase } from '../../support/databases.ts';
import { guardedOf, present } from './shop.ts';

const { schema } = guardedOf(present);
const hash = createCallerHash(Buffer.alloc(32, 3));
const now = 1_800_000_000_000;

function recorderFor(shownClaims: readonly (readonly string[])[] = []): RequestRecorder {
  return createRequestRecorder({ schema, hash, shownClaims, now: () => now });
}

function caller(given: NonNullable<Caller>, changes: Partial<VerifiedPrincipal> = {}): VerifiedPrincipal {
  return makePrincipal({ ...principalFor(given), ...changes } as VerifiedPrincipal);
}

const ask = (recorder: RequestRecorder, text: string, principal: Principal = anonymous, operationName?: string) =>
  recorder.check.check({ document: parse(text), principal, operationName });

/** Records one request of a caller, and returns what is stored of the caller. */
function factsOf(recorder: RequestRecorder, principal: VerifiedPrincipal) {
  ask(recorder, '{ open }', principal);
  const [request] = recorder.take()?.requests ?? [];
  const text = request?.caller?.facts ?? '';
  return { text, facts: readRecordedCaller(text)! };
}

describe('the shape of an operation', () => {
  const shape = (text: string, name?: string) => {
    const found = shapeOf(schema, parse(text), name);
    return found !== null && typeof found === 'object' ? found.document : found;
  };

  it('has no literal and no name that the client chose, and the same elements of the schema', () => {
    const secret = `query Q($mySecret: Filter = { text: "secret", state: ALL, since: "secret" }, $other: Int = 77) {
      secret_77: orders(filter: { text: """secret""", state: OPEN, inner: { since: { secret: [77, secret, $other] } } }) { id }
      ...secret
    }
    # secret
    fragment secret on Query { orders(filter: $mySecret, hidden: true) { secret: note @skip(if: false) @include(if: true) } }
    fragment unused on Query { open }`;
    assert.equal(
      shape(secret, 'Q'),
      'query Q($variable_0:Filter!$value_0:Stamp!){alias_0:orders(filter:{text:"" state:OPEN inner:{since:$value_0}}){id}' +
        '...part_0}fragment part_0 on Query{orders(filter:$variable_0 hidden:false)' +
        '{alias_1:note@skip(if:false)@include(if:true)}}',
    );
  });

  it('has no literal of a scalar of the team in a list, also where one value stands for a list', () => {
    const lists = buildSchema(`
      directive @tag(stamps: [Stamp]) on FIELD | QUERY
      scalar Stamp
      enum State { OPEN }
      input Filter { stamps: [[Stamp!]!], filters: [Filter], states: [State] }
      type Query { a(stamps: [[Stamp]], filters: [Filter]): Int }`);
    const literals = [
      '{ a(stamps: secret) }',
      '{ a(stamps: { secret: { inner: secret } }) b: a(stamps: [{ secret: secret }, 77, [77]]) }',
      '{ a(filters: { stamps: secret, filters: { stamps: [{ secret: 77 }], states: OPEN } }) }',
      'query Q($b: [[Stamp]] = secret, $c: [[Stamp]] = [{ secret: secret }]) { a(stamps: $b) c: a(stamps: $c) }',
      'query Q @tag(stamps: secret) { a @tag(stamps: [secret]) }',
      '"secret" query Q("secret" $b: [[Stamp]]) { a(stamps: $b) }',
    ];
    for (const text of literals) {
      const document = parse(text);
      assert.deepEqual(validate(lists, document), [], text);
      const found = shapeOf(lists, document, null);
      assert.ok(found !== null && typeof found === 'object');
      assert.doesNotMatch(found.document, /secret|77/);
      assert.deepEqual(validate(lists, parse(found.document)), [], found.document);
    }
  });

  it('is equal for operations that differ only in literals and in such names', () => {
    const one = 'query Q { a: owned(account: "alice") ...F } fragment F on Query { open }';
    const other = 'fragment G on Query { open } query Q { longAlias: owned(account: "bob") ...G }';
    assert.equal(shape(one), shape(other));
    assert.equal(shape('query A { open } query B { tenant }', 'B'), 'query B{tenant}');
  });

  it('keeps one of equal items of a list, however deep they are nested, with linear work', () => {
    assert.equal(
      shape(
        '{ orders(filter: { inners: [{ text: "a", state: OPEN }, { text: "b", state: OPEN }, { state: ALL }] }) { id } }',
      ),
      '{orders(filter:{inners:[{text:"" state:OPEN}{state:ALL}]}){id}}',
    );
    const nested = (levels: number) =>
      `{ orders(filter: ${'{ inners: [{} '.repeat(levels)}{}${'] }'.repeat(levels)}) { id } }`;
    const cpuOf = (levels: number) => {
      const document = parse(nested(levels));
      const before = process.cpuUsage();
      for (let round = 0; round < 5; round += 1) shapeOf(schema, document, null);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cpuOf(100);
    const [small, large] = [cpuOf(100), cpuOf(800)];
    assert.ok(large < 30 * small, `${large} µs for 800 levels, ${small} µs for 100`);
  });

  it('is left out if the operation reads only the schema, and is too large beyond its bound', () => {
    assert.equal(shape('{ __schema { types { name } } __typename }'), null);
    const withRules = (text: string) => shapeOf(schema, parse(text), null, 'open');
    assert.equal(withRules('{ rules: open __typename }'), null);
    assert.notEqual(withRules('{ open orders { id } }'), null);
    assert.notEqual(withRules('mutation { open }'), null);
    assert.equal(shape(`query ${'N'.repeat(201)} { open }`), 'too large');
    const many = Array.from({ length: 3_000 }, (_, at) => `a${at}: open`).join(' ');
    assert.equal(shape(`{ ${many} }`), 'too large');
  });
});

describe('the recorder of requests', () => {
  it('counts by operation, client and kind of caller, and never throws', () => {
    const recorder = recorderFor();
    const web = caller({ scopes: ['a'] });
    const same = caller({ scopes: ['a'] });
    for (const principal of [
      web,
      same,
      anonymous,
      caller({ scopes: ['b'] }),
      caller({ scopes: ['a'] }, { clientId: 'x' }),
    ])
      ask(recorder, 'query Q { open }', principal);
    ask(recorder, 'query A { open } query B { open }', anonymous, 'gone');
    // A document without the schema's types cannot be judged, and is not thrown.
    recorder.check.check({ document: null as never, principal: anonymous });
    const { requests, unrecorded } = recorder.take()!;
    assert.deepEqual(
      requests.map(({ clientId, count }) => [clientId, count]),
      [
        ['web', 2],
        [null, 1],
        ['web', 1],
        ['x', 1],
      ],
    );
    assert.deepEqual([...unrecorded], [['not judged', 1]]);
    assert.equal(recorder.take(), null);
  });

  it('takes back the last count only, and puts back what was not written', () => {
    const recorder = recorderFor();
    ask(recorder, '{ open }');
    ask(recorder, '{ open }');
    recorder.takeBack();
    recorder.takeBack();
    const batch = recorder.take()!;
    assert.deepEqual(
      batch.requests.map(({ count }) => count),
      [1],
    );
    ask(recorder, '{ open }');
    recorder.putBack(batch);
    assert.deepEqual(
      recorder.take()?.requests.map(({ count }) => count),
      [2],
    );
  });

  it('keeps its bounds in a flood of documents, clients and claims, and counts what it did not record', () => {
    const recorder = recorderFor();
    const flood = (count: number, principal: (at: number) => Principal, kind: string) => {
      for (let at = 0; at < count; at += 1) ask(recorder, `query ${kind}${at} { open }`, principal(at));
    };
    const web = caller({});
    flood(3_000, () => anonymous, 'Anonymous');
    flood(3_000, () => web, 'Web');
    const long = caller({}, { clientId: 'c'.repeat(257) });
    flood(2, () => long, 'Long');
    assert.equal(recorder.entries, 5_000);
    const { requests, unrecorded } = recorder.take()!;
    assert.equal(requests.filter((one) => one.caller === null).length, 2_500);
    assert.deepEqual(Object.fromEntries(unrecorded), { 'too many': 1_000, 'too large': 2 });
  });

  it('stores only client IDs that both databases take as they are', () => {
    const recorder = recorderFor();
    for (const clientId of ['\u0000', 'a\nb', '\ud800', 'x'.repeat(257), 'é😀 |"', 'x'.repeat(256)])
      ask(recorder, '{ open }', caller({}, { clientId }));
    const { requests, unrecorded } = recorder.take()!;
    assert.deepEqual(
      requests.map(({ clientId }) => clientId),
      ['é😀 |"', 'x'.repeat(256)],
    );
    assert.deepEqual([...unrecorded], [['too large', 4]]);
  });

  it('lets no client, and no callers without a token, fill the window with large operations', () => {
    const recorder = recorderFor();
    for (const clientId of [null, 'web']) {
      const callerOf = clientId === null ? null : { id: 'one', keyName: 'key', facts: '{}' };
      const requests = Array.from({ length: 600 }, (_, at) => ({
        shape: { id: `${clientId} ${at}`, operationName: null, document: 'a'.repeat(16_000) },
        caller: callerOf,
        clientId,
        count: 1,
      }));
      recorder.putBack({ day: 20_000, requests, unrecorded: new Map() });
    }
    ask(recorder, '{ open }', caller({}, { clientId: 'other' }));
    const { requests } = recorder.take()!;
    const lengthOf = (wanted: string | null) => requests.filter(({ clientId }) => clientId === wanted).length;
    assert.deepEqual([lengthOf(null), lengthOf('web')], [262, 262]);
    assert.equal(lengthOf('other'), 1);
  });

  it('counts again after it forgot what it remembered of documents', () => {
    const recorder = recorderFor();
    const known = parse('query Known { open }');
    const count = () => recorder.check.check({ document: known, principal: anonymous, operationName: 'Known' });
    count();
    for (let at = 0; at < 30_000; at += 1) ask(recorder, `{ owned(account: "${at}") }`);
    count();
    const { requests } = recorder.take()!;
    assert.deepEqual(
      requests.map(({ count: requestCount }) => requestCount),
      [2, 30_000],
    );
  });

  it('writes nothing of the subject, and hides claims of one person, token or session', () => {
    const recorder = recorderFor();
    const principal = caller({
      accountId: 'alice-7',
      claims: {
        sub: 'alice-7',
        employee: 'alice-7',
        teams: ['one', 'alice-7'],
        email: 'alice@example.com',
        jti: 'x',
        tenant: 'acme',
      },
    });
    const { text, facts } = factsOf(recorder, principal);
    assert.doesNotMatch(text, /alice|acme|tenant|employee|email/);
    const kind = (...path: readonly string[]) => facts.claims.find((claim) => claim.path === hash.path(path))?.kind;
    assert.deepEqual(
      ['sub', 'employee', 'teams', 'email', 'jti', 'tenant'].map((name) => kind(name)),
      ['hidden', 'hidden', 'hidden', 'hidden', 'hidden', 'text'],
    );
    assert.ok(!text.includes(hash.claim(['employee'], 'alice-7')) && text.includes(hash.claim(['tenant'], 'acme')));
  });

  it('no longer records the values of a claim after 100 different ones, unless the configuration names it', () => {
    const recorder = recorderFor([['tenant']]);
    const factsFor = (at: number) =>
      factsOf(recorder, caller({ claims: { badge: `badge ${at}`, tenant: `tenant ${at}`, roles: ['clerk'] } })).facts;
    for (let at = 0; at < 100; at += 1) factsFor(at);
    const { claims } = factsFor(100);
    const kindOf = (name: string) => claims.find(({ path }) => path === hash.path([name]))?.kind;
    assert.deepEqual([kindOf('badge'), kindOf('tenant'), kindOf('roles')], ['hidden', 'text', 'list']);
  });

  it('records a bounded part of hostile claims and scopes, and says that there are more', () => {
    const recorder = recorderFor();
    const deep: Record<string, unknown> = {};
    let inner = deep;
    for (let level = 0; level < 3_000; level += 1) inner = inner['deeper'] = {} as Record<string, unknown>;
    const claims: Record<string, unknown> = {
      ...Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`claim ${at}`, `value ${at}`])),
      __proto__: { polluted: 'yes' },
      '': 'empty',
      '\u0000\n"': ['\u202e', 1, true, 1.5, null, {}, []],
      huge: 'x'.repeat(1_000_000),
      many: Array.from({ length: 100_000 }, (_, at) => at),
      deep,
      number: Number.NaN,
      nothing: null,
    };
    Object.defineProperty(claims, 'constructor', { value: 'own', enumerable: true });
    const scopes = Array.from({ length: 9_000 }, (_, at) => `scope:${at}`);
    const { text, facts } = factsOf(recorder, caller({ scopes, claims }));
    assert.ok(text.length < 20_000, String(text.length));
    assert.deepEqual([facts.scopes.length, facts.moreScopes, facts.moreClaims], [200, true, true]);
    assert.equal(facts.claims.length, 64);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    const small = factsOf(
      recorder,
      caller({ claims: { '\u0000\n"': ['\u202e', 1, 1.5], deep, many: claims['many'] } }),
    );
    assert.equal(small.facts.moreClaims, false);
    assert.deepEqual(small.facts.claims.map(({ kind }) => kind).toSorted(), [
      'hidden',
      'hidden',
      'list',
      'other',
      'other',
      'other',
    ]);
  });

  it('records the class of the age of the authentication, and never the time', () => {
    const recorder = recorderFor();
    const ageOf = (auth_time: unknown) => factsOf(recorder, caller({ claims: { auth_time } })).facts.age;
    const seconds = now / 1_000;
    assert.deepEqual(ageOf(seconds - 60), [-60, 60]);
    assert.deepEqual(ageOf(seconds - 61), [60, 300]);
    assert.deepEqual(ageOf(seconds - 40 * 86_400), [30 * 86_400, null]);
    assert.deepEqual(ageOf(seconds + 30), [-60, 60]);
    for (const wrong of [seconds + 61, String(seconds), now, undefined]) assert.equal(ageOf(wrong), null);
    const { text } = factsOf(recorder, caller({ claims: { auth_time: seconds - 60 } }));
    assert.ok(!text.includes(String(seconds - 60)));
  });
});

onEachDatabase((kind) => {
  it('a killed process loses at most what it has not written', async () => {
    const database = await kind.create();
    const store = await openDatabase(database.url);
    const child = spawn(process.execPath, [fileURLToPath(new URL('killed.ts', import.meta.url)), database.url]);
    const [, signal] = await once(child, 'close');
    assert.equal(signal, 'SIGKILL');
    const { requests } = await readRecordedRequests(store);
    assert.deepEqual(
      requests.map(({ count }) => count),
      [5],
    );
    await store.destroy();
    await database.drop();
  });
});
