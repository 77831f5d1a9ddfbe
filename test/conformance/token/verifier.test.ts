import assert from 'node:assert/strict';
import { it } from 'node:test';
import { localKeys } from '../../../src/issuer/key-source.ts';
import { createVerifier } from '../../../src/token/verify.ts';
import { assertRefused, audience, bearing, issuer, now } from '../../support/tokens.ts';
import { nameOf } from './case.ts';
import { tokenCases } from './cases.ts';
import { keySet, otherKeySet, otherSettings, type World } from './world.ts';

const world: World = { issuer, other: 'https://other.example', audience, now };
const algorithms = 'ES256 ES384 ES512 RS256 RS384 RS512 PS256 PS384 PS512 EdDSA Ed25519'.split(' ');

const verifier = bearing(
  createVerifier({
    issuers: [
      { issuer, audience: [audience], algorithms, keys: localKeys(() => keySet), primary: true },
      {
        issuer: world.other,
        audience: [audience],
        algorithms,
        ...otherSettings,
        keys: localKeys(() => otherKeySet),
        primary: false,
      },
    ],
    clock: () => now * 1000,
  }),
);

for (const tokenCase of tokenCases) {
  it(nameOf(tokenCase), async () => {
    const { verdict, make } = tokenCase;
    const token = make(world);
    if (verdict.is === 'refused') {
      await assertRefused(verifier, token, verdict.reason, verdict.code);
      // The second check shows that a cached refusal stays a refusal.
      await assertRefused(verifier, token, verdict.reason, verdict.code);
    } else {
      for (const { subject, scopes } of [await verifier.verify(token), await verifier.verify(token)]) {
        assert.deepEqual([subject, [...scopes].toSorted()], [verdict.subject, verdict.scopes]);
      }
    }
  });
}

it('A-2 the table names at least 150 tokens, each once', () => {
  const names = new Set(tokenCases.map(nameOf));
  assert.equal(names.size, tokenCases.length);
  assert.ok(names.size >= 150);
});
