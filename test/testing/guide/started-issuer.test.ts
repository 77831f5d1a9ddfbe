import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { createGuardedApi, type GuardedApi } from '../../../src/index.ts';
import { type StartedIssuer, startTestIssuer } from '../../../src/testing.ts';

const url = 'https://api.example.com/graphql';
let issuer: StartedIssuer;
let api: GuardedApi;
before(async () => {
  issuer = await startTestIssuer({ audience: url });
  // Your server reads the name of its issuer from a variable, for example.
  const modules = [{ name: 'one', typeDefs: 'type Query { secret: Int @auth }' }];
  api = createGuardedApi({ url, modules, issuers: [{ issuer: issuer.issuer, algorithms: ['ES256'] }] });
});
after(() => issuer.close());

it('the API fetches the keys of the issuer', async () => {
  const rawHeaders = ['authorization', `Bearer ${issuer.token({ account: 'grace' })}`];
  const { principal } = await api.context({ method: 'POST', rawHeaders });
  assert.equal(principal.kind === 'account' && principal.accountId, 'grace');
});
