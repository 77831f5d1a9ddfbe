import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { ClaimgateError } from '../../src/errors.ts';
import { principalOf } from '../../src/principal.ts';
import { remoteKeys } from '../../src/issuer/remote-keys.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { getTokens, startIssuer } from '../support/issuer.ts';
import {
  assertRefused,
  bearing,
  encode,
  issuer,
  issuerOf,
  makeKey,
  now,
  payloadOf,
  sign,
  verifierOf,
} from '../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));
const good = sign(key);

it('the principal states the claims of the token', async () => {
  const principal = await verifier.verify(good);
  assert.deepEqual(principal, {
    kind: 'account',
    accountId: 'ada',
    issuer,
    subject: 'ada',
    clientId: 'a-client',
    scopes: new Set(['profile', 'orders:read']),
    expiresAt: now + 600,
    claims: payloadOf(),
  });
  assert.equal(principalOf({ principal }), principal);
});

it('a subject of an issuer that is not primary is not one of our accounts', async () => {
  const principal = await verifierOf(issuerOf([key], { primary: false })).verify(good);
  assert.ok(principal.kind === 'account' && principal.accountId === null);
});

it('RFC 9068 §2.2 a token whose subject is its client stands for the application alone', async () => {
  const principal = await verifier.verify(sign(key, { payload: payloadOf({ sub: 'a-client' }) }));
  assert.equal(principal.kind, 'application');
  assert.ok(!('accountId' in principal));
});

it('the claims of a principal cannot be changed, at any depth', async () => {
  const payload = payloadOf({ address: { lines: [{ text: 'here' }] } });
  const { claims } = await verifier.verify(sign(key, { payload }));
  const open: unknown[] = [claims];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    assert.ok(Object.isFrozen(value));
    if (typeof value === 'object' && value !== null) open.push(...Object.values(value));
  }
});

it('A-2 an unexpected exception refuses the token, and keeps its cause', async () => {
  const cause = Object.assign(new RangeError('unthought of'), { code: 'KEYS_UNAVAILABLE' });
  const broken = verifierOf(issuerOf([key], { keys: { find: () => Promise.reject(cause), has: () => true } }));
  await assert.rejects(
    broken.verify(good),
    (error) => error instanceof ClaimgateError && error.code === 'INVALID_TOKEN' && error.cause === cause,
  );
});

it('A-4 a token with any single character changed, removed or added is refused', async () => {
  const position = fc.nat(good.length - 1);
  const character = fc.constantFrom(
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~'.split(''),
  );
  await fc.assert(
    fc.asyncProperty(position, character, fc.constantFrom(0, 1), async (at, put, taken) => {
      const changed = good.slice(0, at) + put + good.slice(at + taken);
      if (changed !== good) await assertRefused(verifier, changed);
      await assertRefused(verifier, good.slice(0, at) + good.slice(at + 1));
    }),
    { numRuns: 300 },
  );
});
it('A-6 every other spelling of the last character is refused', async () => {
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    if (last !== good.at(-1)) await assertRefused(verifier, good.slice(0, -1) + last);
  }
});

it('A-2 any text sent as a token causes only a ClaimgateError INVALID_TOKEN', async () => {
  const part = fc.oneof(
    fc.string(),
    fc.json().map(encode),
    fc.uint8Array().map(encode),
    fc.constantFrom(...good.split('.')),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (token) => {
      if (token !== good) await assertRefused(verifier, token);
    }),
    { numRuns: 300 },
  );
});
it('A-2 a signed token with any content is accepted or refused with INVALID_TOKEN', async () => {
  const object = fc.dictionary(fc.constantFrom(...Object.keys(payloadOf()), 'nbf', 'cnf', 'x'), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(object, object, async (claims, header) => {
      const token = sign(key, { header, payload: payloadOf(claims) });
      await verifier.verify(token).catch((error: unknown) => {
        assert.ok(error instanceof ClaimgateError && error.code === 'INVALID_TOKEN');
      });
    }),
    { numRuns: 200 },
  );
});

it('A-8 A-12 a real foreign issuer: its access token is accepted, its ID token is not, and it may be down at first', async (t) => {
  const audience = 'https://api.example/graphql';
  const settings = { audience, scope: 'profile orders:read', subject: 'grace' };
  const first = await startIssuer(settings);
  await first.stop();
  let time = Date.now();
  const trusted = bearing(
    createVerifier({
      issuers: [
        {
          issuer: first.issuer,
          audience: [audience],
          algorithms: ['ES256'],
          keys: remoteKeys({ issuer: first.issuer, clock: () => time }),
          primary: true,
        },
      ],
      clock: () => time,
    }),
  );
  const early = sign(key, { payload: payloadOf({ iss: first.issuer }) });
  await assertRefused(trusted, early, /at present/, 'KEYS_UNAVAILABLE');

  const running = await startIssuer({ ...settings, port: first.port });
  t.after(() => running.stop());
  time += 5000;
  const tokens = await getTokens(running, 'openid profile');
  const principal = await trusted.verify(tokens.access_token);
  assert.equal(principal.kind, 'account');
  assert.equal(principal.subject, 'grace');
  assert.equal(principal.clientId, running.clientId);
  assert.deepEqual([...principal.scopes], ['profile']);
  await assertRefused(trusted, tokens.id_token ?? '', /typ/);
  const other = await getTokens(running, 'openid profile orders:read', 'eve');
  const { subject, scopes } = await trusted.verify(other.access_token);
  assert.deepEqual([subject, [...scopes].sort()], ['eve', ['orders:read', 'profile']]);
});
