import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClaimgateError } from '../../../src/errors.ts';
import { testClock, testIssuer } from '../../../src/testing.ts';
import { createVerifier } from '../../../src/token/verify.ts';

const minute = 60_000;

describe('G-6 a token that was revoked and has expired', () => {
  it('G-6 counts as revoked while the revocation is stored, and afterwards as expired', async () => {
    const clock = testClock();
    const { issuer, audience, token: issue, verification } = testIssuer({ clock });
    const { revocations } = verification;
    const verifier = createVerifier(verification);
    const target = { method: 'POST', url: audience };
    const token = issue({ claims: { jti: 'token-1' } }); // Valid for ten minutes.
    const end = clock() + 10 * minute;
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
    clock.set(new Date(end + 4 * minute));
    await revocations.refresh();
    assert.match(await refusal(), /it was revoked/);
    clock.set(new Date(end + 6 * minute));
    await revocations.refresh();
    assert.equal(await refusal(), 'expired');
  });
});
