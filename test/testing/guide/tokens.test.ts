import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createGuardedApi, httpAnswer } from '../../../src/index.ts';
import { testIssuer } from '../../../src/testing.ts';

const url = 'https://api.example.com/graphql';
const issuer = testIssuer({ audience: url });
const modules = [{ name: 'one', typeDefs: 'type Query { secret: Int @auth(scope: "secrets:read") }' }];
const api = createGuardedApi({ url, modules, ...issuer.verification });

/** The status with which a server refuses a request, or 200. */
async function statusOf(headers: Readonly<Record<string, string>>): Promise<number> {
  try {
    await api.context({ method: 'POST', rawHeaders: Object.entries(headers).flat() });
    return 200;
  } catch (error) {
    return httpAnswer(error)?.status ?? 500;
  }
}

it('the API accepts the tokens of its issuer only', async () => {
  const caller = { account: 'grace', scopes: 'secrets:read' };
  assert.equal(await statusOf({ authorization: `Bearer ${issuer.token(caller)}` }), 200);
  for (const token of [issuer.expired(caller), issuer.foreign(caller), issuer.forged(caller), issuer.revoked(caller)]) {
    assert.equal(await statusOf({ authorization: `Bearer ${token}` }), 401);
  }
});

it('a bound token needs the proof of its key (DPoP)', async () => {
  const { token, headers } = issuer.bound({ account: 'grace' });
  assert.equal(await statusOf(headers()), 200);
  assert.equal(await statusOf({ authorization: `Bearer ${token}` }), 401);
});
