import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { ClaimgateError, StartError } from '../../src/errors.ts';
import * as kit from '../../src/index.ts';
import { as, startTestIssuer, type TestCaller, testClock, testIssuer } from '../../src/testing.ts';
import { root } from '../support/process.ts';

const clock = testClock();
const issuer = testIssuer({ clock });
const verifier = kit.createVerifier(issuer.verification);
const target = { method: 'POST', url: issuer.audience };

async function codeOf(token: string): Promise<string | null> {
  try {
    await verifier.verify({ scheme: 'Bearer', token }, target);
    return null;
  } catch (error) {
    assert.ok(error instanceof ClaimgateError);
    return error.code;
  }
}

/** Returns a principal without what differs between two tokens of one caller. */
function comparable(principal: kit.Principal) {
  assert.ok(principal.kind !== 'anonymous');
  const { jti, ...claims } = principal.claims;
  assert.equal(typeof jti, 'string');
  return { ...principal, claims };
}

const callers: Readonly<Record<string, TestCaller>> = {
  'without members': {},
  'with scopes as a text': { account: 'grace', application: 'shop', scopes: 'orders:read profile' },
  'with scopes as a list': { scopes: ['orders:read', 'a b'] },
  'an application alone': { account: null, application: 'worker', scopes: 'jobs' },
  'with claims': { claims: { tenant: 'acme', realm_access: { roles: ['clerk'] }, date: new Date(0) } },
  'freshly authenticated': { acr: 'gold', authenticatedAt: new Date(clock()) },
};

describe('testIssuer', () => {
  for (const [name, caller] of Object.entries(callers)) {
    it(`the verifier makes of the token the principal that as makes: a caller ${name}`, async () => {
      const principal = await verifier.verify({ scheme: 'Bearer', token: issuer.token(caller) }, target);
      assert.deepEqual(comparable(issuer.as(caller)), comparable(principal));
      assert.ok(Object.isFrozen(issuer.as(caller)));
    });
  }

  it('the subjects of an issuer that is not primary have no account', async () => {
    const other = testIssuer({ issuer: 'urn:other', primary: false });
    const principal = await kit
      .createVerifier(other.verification)
      .verify({ scheme: 'Bearer', token: other.token() }, { method: 'POST', url: other.audience });
    assert.deepEqual(comparable(principal), comparable(other.as()));
    assert.equal(principal.kind === 'account' && principal.accountId, null);
  });

  it('expired, foreign, forged and revoked tokens are refused', async () => {
    assert.equal(await codeOf(issuer.token()), null);
    for (const kind of ['expired', 'foreign', 'forged', 'revoked'] as const) {
      assert.equal(await codeOf(issuer[kind]({ scopes: 'orders:read' })), 'INVALID_TOKEN', kind);
    }
    assert.equal(await codeOf(issuer.token()), null);
  });

  it('a bound token is accepted with its proof, once, for its request, and never as a bearer token', async () => {
    const { token, headers } = issuer.bound({ account: 'grace' });
    const send = async ({ authorization, dpop }: ReturnType<typeof headers>, url = issuer.audience) => {
      const credential = kit.readCredential(['authorization', authorization, 'dpop', dpop]);
      assert.ok(credential);
      return verifier.verify(credential, { method: 'POST', url });
    };
    const sent = headers();
    assert.equal((await send(sent)).subject, 'grace');
    await assert.rejects(send(sent), { code: 'INVALID_DPOP_PROOF' });
    assert.equal((await send(headers())).subject, 'grace');
    await assert.rejects(send(headers({ url: 'https://other.test/' })), { code: 'INVALID_DPOP_PROOF' });
    assert.equal(await codeOf(token), 'INVALID_TOKEN');
  });

  it('the clock of a test decides when a token expires', async () => {
    const moved = testClock('2031-05-06T07:08:09Z');
    const own = testIssuer({ clock: moved, lifetimeSeconds: 60 });
    const verify = async (token: string) =>
      kit.createVerifier(own.verification).verify({ scheme: 'Bearer', token }, { method: 'POST', url: own.audience });
    const token = own.token();
    await verify(token);
    moved.advanceSeconds(120);
    await assert.rejects(verify(token), { code: 'INVALID_TOKEN', evidence: { reason: 'expired' } });
    moved.set(new Date('2031-05-06T07:08:09Z'));
    await verify(token);
  });

  it('startTestIssuer publishes its metadata and its public keys, and nothing else', async () => {
    const started = await startTestIssuer();
    try {
      const read = async (path: string) =>
        (await fetch(started.issuer + path)).json() as Promise<Record<string, unknown>>;
      const metadata = await read('/.well-known/openid-configuration');
      assert.deepEqual([metadata['issuer'], metadata['jwks_uri']], [started.issuer, `${started.issuer}/jwks`]);
      const { keys } = (await read('/jwks')) as { keys: Record<string, unknown>[] };
      assert.deepEqual(keys, started.jwks.keys);
      assert.ok(keys.every((key) => !('d' in key)));
      assert.equal((await fetch(`${started.issuer}/token`, { method: 'POST' })).status, 404);
    } finally {
      await started.close();
    }
    await assert.rejects(fetch(started.issuer));
  });

  for (const [caller, fault] of [
    [{ scope: 'orders:read' }, /^as: there is no such option scope; expected scopes$/],
    [{ scopes: 'a  b' }, /^as\.scopes: expected scopes with one space between them/],
    [{ account: '' }, /^as\.account: expected the ID of an account, or null/],
    [{ authenticatedAt: Date.now() }, /^as\.authenticatedAt: expected a Date, or a number of seconds/],
    [{ claims: { scope: 'admin' } }, /^as\.claims\.scope: expected the member scopes in its place$/],
    [{ claims: { sub: 'grace' } }, /^as\.claims\.sub: expected the member account in its place$/],
    ['grace', /^as: expected an object; found a string$/],
  ] as const) {
    it(`a mistake in a caller is a fault and never another caller: ${JSON.stringify(caller)}`, () => {
      for (const make of [as, (one: TestCaller) => issuer.as(one)]) {
        assert.throws(
          () => make(caller as TestCaller),
          (error) => error instanceof StartError && fault.test(error.faults.join('\n')),
        );
      }
    });
  }

  it('a mistake in the options and times is a fault', () => {
    assert.throws(
      () => testIssuer({ audiences: [] } as object),
      /there is no such option audiences; expected audience/,
    );
    assert.throws(() => testIssuer({ lifetimeSeconds: 0 }), /lifetimeSeconds: expected a number of seconds above 0/);
    assert.throws(() => testClock('soon'), /testClock: expected a Date, or a text such as 2030-01-01T12:00:00Z/);
    assert.throws(() => testClock().advanceSeconds(Number.NaN), /advanceSeconds: expected a number of seconds/);
  });
});

describe('the maker of principals', () => {
  it('is not among the exports of claimgate', () => {
    const others: readonly string[] = Object.keys(kit);
    for (const name of ['as', 'testIssuer', 'makePrincipal', 'ask']) assert.ok(!others.includes(name), name);
  });

  it('throws with NODE_ENV=production', () => {
    const program = `
      import { as, testIssuer } from 'claimgate/testing';
      for (const make of [as, testIssuer]) {
        try { make(); console.log('made'); } catch (error) { console.log(error.message); }
      }`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--conditions=claimgate-source', '--input-type=module', '--eval', program],
      { cwd: root, env: { ...process.env, NODE_ENV: 'production' }, encoding: 'utf8' },
    );
    assert.match(stdout, /^as makes callers for tests, and NODE_ENV is production; expected .*\ntestIssuer makes /);
    assert.doesNotMatch(stdout, /made/);
  });

  it('makes no caller after a program has set NODE_ENV=production', () => {
    const program = `
      import { testIssuer } from 'claimgate/testing';
      const issuer = testIssuer();
      process.env.NODE_ENV = 'production';
      for (const name of ['as', 'token', 'expired', 'foreign', 'forged', 'revoked', 'bound']) {
        try { issuer[name](); console.log('made'); } catch (error) { console.log(error.message); }
      }`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--conditions=claimgate-source', '--input-type=module', '--eval', program],
      { cwd: root, env: { ...process.env, NODE_ENV: 'test' }, encoding: 'utf8' },
    );
    assert.equal(
      stdout.match(/ of testIssuer makes callers for tests, and NODE_ENV is production/g)?.length,
      7,
      stdout,
    );
  });
});
