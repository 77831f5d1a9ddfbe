import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClaimgateError } from '../../../src/errors.ts';
import { createRevocations } from '../../../src/token/revocation/revocations.ts';
import { createVerifier } from '../../../src/token/verify.ts';
import { issuer, issuerOf, makeKey, now, sign } from '../../support/tokens.ts';

const minute = 60_000;

describe('G-6 a token that was revoked and has expired', () => {
  it('G-6 counts as revoked while the revocation is stored, and afterwards as expired', async () => {
    let time = now * 1_000;
    const clock = () => time;
    const key = makeKey();
    const revocations = createRevocations({ clock });
    const verifier = createVerifier({ issuers: [issuerOf([key])], clock, revocations });
    const target = { method: 'POST', url: 'https://api.example/graphql' };
    const token = sign(key); // Valid for ten minutes.
    const end = time + 10 * minute;
    const refusal = async () => {
      try {
        await verifier.verify({ scheme: 'Bearer', token }, target);
        return 'accepted';
      } catch (error) {
        assert.ok(error instanceof ClaimgateError, String(error));
        return 'reason' in error.evidence ? error.evidence['reason'] : error.message;
      }
    };
    assert.equal(await refusal(), 'accepted');
    revocations.add([
      { kind: 'token', issuer, id: 'token-1', issuedUntil: end + 5 * minute, expiresAt: end + 5 * minute },
    ]);
    assert.match(await refusal(), /it was revoked/);
    time = end + 4 * minute;
    await revocations.refresh();
    assert.match(await refusal(), /it was revoked/);
    time = end + 6 * minute;
    await revocations.refresh();
    assert.equal(await refusal(), 'expired');
  });
});
