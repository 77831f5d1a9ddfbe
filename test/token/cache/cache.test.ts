import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { StartError } from '../../../src/errors.ts';
import type { VerifiedPrincipal } from '../../../src/principal.ts';
import { createTokenCache } from '../../../src/token/cache/cache.ts';
import { createRevocations } from '../../../src/token/revocation/revocations.ts';
import { createVerifier } from '../../../src/token/verify.ts';
import { localKeys } from '../../../src/issuer/key-source.ts';
import type { Verified } from '../../../src/token/checks/verified.ts';
import {
  assertRefused,
  bearing,
  issuer,
  issuerOf,
  keySet,
  makeKey,
  now,
  payloadOf,
  sign,
  target,
} from '../../support/tokens.ts';

const key = makeKey();
const good = sign(key);

/** Opens a verifier, and gives the test access to its cache, clock, keys and revocations. */
function openVerifier() {
  const state = { time: now * 1000, set: keySet(key), asked: 0 };
  const clock = () => state.time;
  const source = localKeys(() => state.set);
  const cache = createTokenCache();
  const revocations = createRevocations({ clock });
  const keys = {
    ...source,
    find: (hint: Parameters<typeof source.find>[0]) => {
      state.asked += 1;
      return source.find(hint);
    },
  };
  const verifier = createVerifier({ issuers: [issuerOf([key], { keys })], clock, cache, revocations });
  const verify = (token: string) => verifier.verify({ scheme: 'Bearer', token }, target);
  return { state, cache, revocations, verifier, verify, bearer: bearing(verifier) };
}

describe('the cache of verified tokens', () => {
  it('gives the same principal for the same token, synchronously and without a key look-up', async () => {
    const { state, verify } = openVerifier();
    const first = await verify(good);
    const again = verify(good);
    assert.ok(!(again instanceof Promise));
    assert.equal(again, first);
    assert.equal(state.asked, 1);
  });

  it('gives one principal to all callers that send a token while it is verified', async () => {
    const { state, verify } = openVerifier();
    const all = await Promise.all(Array.from({ length: 100 }, async () => verify(good)));
    assert.equal(new Set(all).size, 1);
    assert.equal(state.asked, 1);
  });

  it('gives another principal for another token of the same person', async () => {
    const { verify } = openVerifier();
    const other = sign(key, { payload: payloadOf({ jti: 'token-2' }) });
    assert.notEqual(await verify(good), await verify(other));
  });

  it('A-7 keeps no token beyond exp: the tolerance applies only to tokens that are verified again', async () => {
    const { state, cache, verify, bearer } = openVerifier();
    await verify(good);
    state.time = (now + 600) * 1000 - 1;
    assert.ok(!(verify(good) instanceof Promise));
    state.time += 1;
    assert.ok(verify(good) instanceof Promise);
    await verify(good);
    assert.equal(cache.entries, 0);
    state.time = (now + 605) * 1000;
    await assertRefused(bearer, good, /expired/);
  });

  it('A-12 removes tokens of a key that the issuer no longer publishes', async () => {
    const { state, cache, verify, bearer } = openVerifier();
    await verify(good);
    state.set = keySet(makeKey());
    await assertRefused(bearer, good, /no key/);
    assert.equal(cache.entries, 0);
  });

  it('A-12 keeps tokens of a key that stays, whatever other keys the issuer changes', async () => {
    const { state, verify } = openVerifier();
    const first = await verify(good);
    state.set = keySet(makeKey(), key);
    assert.equal(verify(good), first);
  });

  it('A-12 a new key with the old kid is another key', async () => {
    const { state, verify, bearer } = openVerifier();
    await verify(good);
    state.set = keySet(makeKey('ES256', key.kid));
    await assertRefused(bearer, good, /signature/);
  });

  it('A-11 removes a revoked token, and refuses it', async () => {
    const { cache, revocations, verify, bearer } = openVerifier();
    await verify(good);
    const expiresAt = (now + 605) * 1000;
    revocations.add([{ kind: 'token', issuer, id: 'token-1', issuedUntil: now * 1000, expiresAt }]);
    await assertRefused(bearer, good, /revoked/);
    assert.equal(cache.entries, 0);
    await assertRefused(bearer, good, /revoked/);
  });

  it('A-11 a token that is revoked while it is verified is refused', async () => {
    const { revocations, verify } = openVerifier();
    const verifying = verify(good);
    const expiresAt = (now + 605) * 1000;
    revocations.add([{ kind: 'account', issuer, id: 'ada', issuedUntil: now * 1000, expiresAt }]);
    await assert.rejects(Promise.resolve(verifying), /revoked/);
  });

  it('does not cache a refused token', async () => {
    const { cache, bearer } = openVerifier();
    await assertRefused(bearer, `${good.slice(0, -4)}AAAA`);
    await assertRefused(bearer, sign(key, { payload: payloadOf({ aud: 'https://elsewhere.example' }) }));
    assert.equal(cache.entries, 0);
  });

  it('contains no token, and no data from which a token could be made', async () => {
    const { cache, verify } = openVerifier();
    const principal = await verify(good);
    const name = cache.keyOf(good);
    const held = name + JSON.stringify(cache.find(name), (_, value) => (value instanceof Set ? [...value] : value));
    for (const segment of good.split('.')) assert.ok(!held.includes(segment));
    assert.ok(!JSON.stringify(principal).includes(good.split('.')[2] ?? ''));
  });
});

describe('the bounds of the cache', () => {
  const entry = (size = 0): Verified => ({
    principal: {
      kind: 'account',
      accountId: 'ada',
      issuer,
      subject: 'ada',
      clientId: 'c',
      scopes: new Set(),
      expiresAt: now,
      claims: { padding: 'x'.repeat(size) },
    } satisfies VerifiedPrincipal,
    // This test calls no method of the issuer.
    issuer: { ...issuerOf([key]), typ: [], clockToleranceSeconds: 5 } as unknown as Verified['issuer'],
    signer: 'k',
    thumbprint: null,
    issuedAt: 0,
    tokenId: 't',
    grantId: null,
    sessionId: null,
  });

  it('hold for any order of insertions, removals and look-ups', () => {
    const step = fc.record({
      what: fc.constantFrom('keep', 'find', 'drop'),
      key: fc.nat(40).map(String),
      size: fc.nat(3000),
    });
    fc.assert(
      fc.property(fc.nat(12), fc.nat(30_000), fc.array(step, { maxLength: 200 }), (entries, bytes, steps) => {
        const cache = createTokenCache({ maxEntries: entries, maxBytes: bytes });
        for (const { what, key, size } of steps) {
          if (what === 'keep') cache.keep(key, entry(size));
          else if (what === 'find') cache.find(key);
          else cache.drop(key);
          assert.ok(cache.entries <= entries && cache.bytes <= bytes && cache.bytes >= 0);
          if (cache.entries === 0) assert.equal(cache.bytes, 0);
        }
      }),
    );
  });

  it('remove the least recently used tokens first', () => {
    const cache = createTokenCache({ maxEntries: 3 });
    for (const name of ['a', 'b', 'c']) cache.keep(name, entry());
    cache.find('a');
    cache.keep('d', entry());
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((name) => cache.find(name) !== undefined),
      [true, false, true, true],
    );
  });

  it('are numbers of zero or more', () => {
    assert.throws(() => createTokenCache({ maxEntries: -1 }), StartError);
    assert.throws(() => createTokenCache({ maxBytes: Number.NaN }), StartError);
  });

  it('of zero cache nothing, and every token is verified', async () => {
    const cache = createTokenCache({ maxEntries: 0 });
    const verifier = createVerifier({ issuers: [issuerOf([key])], clock: () => now * 1000, cache });
    for (let round = 0; round < 2; round += 1) {
      assert.ok(verifier.verify({ scheme: 'Bearer', token: good }, target) instanceof Promise);
    }
    assert.equal(cache.entries, 0);
  });
});

it('A-13 a token that cannot be parsed leaves nothing in memory, however often it comes', async () => {
  const { state, cache, bearer } = openVerifier();
  for (const token of ['', '..', 'x', `${good}.`]) {
    for (let round = 0; round < 3; round += 1) await assertRefused(bearer, token, /three base64url segments/);
  }
  // A failed look-up is not cached, so the next request looks up again.
  const fails = state.set;
  state.set = { keys: [] };
  await assertRefused(bearer, good, /at present/, 'KEYS_UNAVAILABLE');
  state.set = fails;
  await bearer.verify(good);
  assert.equal(cache.entries, 1);
});
