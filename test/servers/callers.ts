import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Caller } from '../support/callers.ts';
import { type Answer, ask, bodyOf } from './ask.ts';
import type { Attacked } from './attacks.ts';

type Claims = Readonly<Record<string, unknown>>;

const present = (): number => Math.floor(Date.now() / 1_000);

/** Requests whose authentication is too old or too weak, and the parameter of the challenge. */
const unmet: Readonly<Record<string, readonly [query: string, claims: () => Claims, parameter: RegExp]>> = {
  'an old auth_time': ['{ recent }', () => ({ auth_time: present() - 3_600 }), / max_age="60"/],
  'no auth_time': ['{ recent }', () => ({}), / max_age="60"/],
  'an auth_time that is text': ['{ recent }', () => ({ auth_time: `${present()}` }), / max_age="60"/],
  'a weak acr': ['{ strong }', () => ({ acr: 'bronze' }), / acr_values="gold silver"/],
  'no acr': ['{ strong }', () => ({}), / acr_values="gold silver"/],
};

const pets = '{ pets { __typename ... on Cat { name } ... on Dog { name } ... on Fish { name } } }';
const tools = '{ tools { __typename ... on Hammer { name } ... on Saw { name } } }';
const [cat, dog, fish] = [
  { __typename: 'Cat', name: 'Tom' },
  { __typename: 'Dog', name: 'Rex' },
  { __typename: 'Fish', name: 'Nemo' },
];
const [hammer, saw] = ['Hammer', 'Saw'].map((name) => ({ __typename: name, name }));

/** The cases of sections A, B and E whose subject is the caller, on a server with the installed kit. */
export function callerTests({ name, urls, runs, authorization }: Attacked): void {
  const send = async (query: string, caller: Caller): Promise<Answer> =>
    ask(urls().callers, { query, headers: authorization(caller) });
  const codesOf = (answer: Answer): readonly unknown[] =>
    (bodyOf(answer).errors ?? []).map(({ extensions }) => extensions?.['code']);

  it(`A-10 an authentication that is too old or too weak is challenged, on ${name}`, async () => {
    for (const [fault, [query, claims, parameter]] of Object.entries(unmet)) {
      const answer = await send(query, { claims: claims() });
      const shown = `${fault}: ${answer.status} ${answer.text}`;
      assert.deepEqual([answer.status, codesOf(answer)], [401, ['STEP_UP_REQUIRED']], shown);
      const challenge = answer.headers['www-authenticate'] ?? '';
      assert.match(challenge, /^Bearer realm="table".* error="insufficient_user_authentication"/, shown);
      assert.match(challenge, parameter, shown);
    }
    const met = await send('{ recent strong }', { claims: { auth_time: present(), acr: 'silver' } });
    assert.deepEqual(bodyOf(met), { data: { recent: 'recent', strong: 'strong' } });
  });

  it(`A-11 a revoked token, and a token of a revoked account, are refused at once, on ${name}`, async () => {
    const revoked: Readonly<Record<string, Caller>> = {
      token: { claims: { jti: 'to-revoke' } },
      account: { accountId: 'to-revoke' },
    };
    for (const [kind, caller] of Object.entries(revoked)) {
      // One token: a revocation does not cover the tokens that are issued later.
      const headers = authorization(caller);
      assert.equal((await ask(urls().callers, { query: '{ viewer }', headers })).status, 200);
      await (await fetch(`${urls().control}/?kind=${kind}&revoke=to-revoke`)).text();
      const answer = await ask(urls().callers, { query: '{ hello }', headers });
      assert.deepEqual([answer.status, codesOf(answer)], [401, ['INVALID_TOKEN']], answer.text);
      assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer .*error="invalid_token"/);
      assert.deepEqual(bodyOf(await send('{ viewer }', {})).data, { viewer: 'alice' });
    }
  });

  it(`A-14 the same operation is decided anew for each caller, on ${name}`, async () => {
    const callers: readonly (readonly [Caller, unknown, readonly unknown[]])[] = [
      [{ accountId: 'ada', scopes: ['secret'] }, { viewer: 'ada', secret: 'secret' }, []],
      [{ accountId: 'bob' }, { viewer: 'bob', secret: null }, ['FORBIDDEN']],
      [null, { viewer: null, secret: null }, ['UNAUTHENTICATED']],
    ];
    const decide = async ([caller, data, codes]: (typeof callers)[number]): Promise<void> => {
      const answer = await send('{ viewer secret }', caller);
      assert.deepEqual([bodyOf(answer).data, codesOf(answer)], [data, codes], answer.text);
    };
    for (const caller of [...callers, ...callers.toReversed()]) await decide(caller);
    await Promise.all(Array.from({ length: 6 }, () => callers.map(decide)).flat());
  });

  it(`B-18 a policy is asked one time for each question, and anew for each operation, on ${name}`, async () => {
    const query =
      '{ a: even(n: 2) b: even(n: 2) c: even(n: 4) ...F } fragment F on Query { d: even(n: 4) e: even(n: 1) }';
    for (let turn = 0; turn < 2; turn += 1) {
      await runs();
      const answer = await send(query, {});
      assert.deepEqual(bodyOf(answer).data, { a: 'even', b: 'even', c: 'even', d: 'even', e: null });
      assert.deepEqual(await runs(), ['policy even: 3']);
    }
  });

  it(`E-6 the functions of an author see no isTypeOf of another author, on ${name}`, async () => {
    const denied = await send(pets, {});
    assert.deepEqual(bodyOf(denied).data, { pets: [null, dog, fish] }, denied.text);
    assert.deepEqual(codesOf(denied), ['FORBIDDEN']);
    assert.deepEqual(bodyOf(await send(pets, { scopes: ['cats'] })), { data: { pets: [cat, dog, fish] } });
    const withoutHammer = await send(tools, {});
    assert.deepEqual([bodyOf(withoutHammer).data, codesOf(withoutHammer)], [{ tools: [null, saw] }, ['FORBIDDEN']]);
    assert.deepEqual(bodyOf(await send(tools, { scopes: ['hammers'] })), { data: { tools: [hammer, saw] } });
  });

  it(`E-14 a denial states its reason, and names no scope that the token has, on ${name}`, async () => {
    const rows: readonly (readonly [query: string, caller: Caller, expected: Claims])[] = [
      ['{ hello owned(user: "bob") }', { scopes: ['of'] }, { reason: 'owner' }],
      ['{ hello asked }', { scopes: ['of'] }, { reason: 'policy' }],
      ['{ hello owned(user: "bob") }', { scopes: ['other'] }, { requiredScopes: ['of'] }],
    ];
    for (const [query, caller, expected] of rows) {
      const answer = await send(query, caller);
      const [error] = bodyOf(answer).errors ?? [];
      const { code, reason, requiredScopes } = error?.extensions ?? {};
      const told = { ...(reason !== undefined && { reason }), ...(requiredScopes !== undefined && { requiredScopes }) };
      assert.deepEqual([answer.status, code, told], [200, 'FORBIDDEN', expected], answer.text);
    }
    // An application owns nothing, so the operation is refused before it runs.
    const refusal = await send('{ owned(user: "bob") }', { kind: 'application', scopes: ['of'] });
    assert.deepEqual([refusal.status, codesOf(refusal)], [403, ['FORBIDDEN']], refusal.text);
    assert.equal(bodyOf(refusal).errors?.[0]?.extensions?.['reason'], 'owner');
    assert.doesNotMatch(refusal.headers['www-authenticate'] ?? '', /[ ,]scope=/);
  });
}
