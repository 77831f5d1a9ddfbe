import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toGraphQLError } from '../../src/request/graphql-error.ts';
import { TokenRefusal } from '../../src/token/refusal.ts';
import { issuerOf, makeKey, now, payloadOf, sign, verifierOf } from '../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));
const other = { ...makeKey(), kid: key.kid };

const cases: Readonly<Record<string, readonly [token: string, claim: string | null, reason: TokenRefusal['reason']]>> =
  {
    'that is not a JWT': ['a.b', null, 'malformed'],
    'of another issuer': [sign(key, { payload: payloadOf({ iss: 'https://other.example' }) }), 'iss', 'unacceptable'],
    'of another type': [sign(key, { header: { typ: 'JWT' } }), 'typ', 'unacceptable'],
    'with a signature that does not fit': [sign(other), null, 'forged'],
    'of an unknown key': [sign(makeKey('ES256', 'other')), 'kid', 'unknown-key'],
    'for another audience': [sign(key, { payload: payloadOf({ aud: 'another' }) }), 'aud', 'unacceptable'],
    'that has expired': [sign(key, { payload: payloadOf({ exp: now - 60 }) }), 'exp', 'expired'],
    'that counts later': [sign(key, { payload: payloadOf({ nbf: now + 60 }) }), 'nbf', 'early'],
    'without a subject': [sign(key, { payload: payloadOf({ sub: undefined }) }), 'sub', 'missing'],
    'with a list as its scope': [sign(key, { payload: payloadOf({ scope: 7 }) }), 'scope', 'malformed'],
    'that is bound to a key': [
      sign(key, { payload: payloadOf({ cnf: { jkt: 'x'.repeat(43) } }) }),
      'cnf',
      'wrong-scheme',
    ],
  };

describe('the refusal of a token', () => {
  it('names all claims that are missing or have another type, and the expected typ', async () => {
    const lacking = payloadOf({ sub: undefined, client_id: undefined, iat: 'x', jti: undefined });
    await assert.rejects(verifier.verify(sign(key, { payload: lacking })), {
      message: 'The access token was refused: its claims sub, client_id, iat, jti are missing or have another type.',
      claim: 'sub',
      reason: 'missing',
    });
    await assert.rejects(verifier.verify(sign(key, { payload: payloadOf({ jti: undefined }) })), {
      message: 'The access token was refused: its claim jti is missing or no text.',
    });
    await assert.rejects(verifier.verify(sign(key, { header: { typ: 'JWT' } })), {
      message: 'The access token was refused: its type (typ) is not that of an access token; expected at+jwt.',
    });
  });

  for (const [what, [token, claim, reason]] of Object.entries(cases)) {
    it(`${what} has the claim and the reason as fields, which a caller does not see`, async () => {
      const error: unknown = await verifier.verify(token).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof TokenRefusal, String(error));
      assert.deepEqual([error.claim, error.reason], [claim, reason]);
      const { extensions } = toGraphQLError(error);
      assert.ok(!('claim' in extensions));
      assert.equal(extensions['reason'], reason === 'expired' ? 'expired' : undefined);
    });
  }
});
