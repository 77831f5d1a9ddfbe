import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Exchange } from '../../../src/exchange/own/exchange.ts';
import { oauthError } from '../../../src/exchange/oauth-error.ts';
import { addApplication, nobody, openApi } from '../fixture.ts';

/** Makes an exchange that records its calls. */
function recorder() {
  const calls: unknown[] = [];
  const tokens = {
    accessToken: 'at',
    tokenType: 'Bearer',
    expiresIn: 600,
    refreshToken: 'rt',
    idToken: null,
    scope: ['profile'],
  } as const;
  const exchange: Exchange = {
    async exchangeAuthorizationCode({ address }, client, grant) {
      calls.push({ address, client, code: grant.code });
      return { ok: true, tokens };
    },
    async refreshAccessToken({ address }, client, grant) {
      calls.push({ address, client, grant });
      return { ok: false, error: oauthError('invalid_grant') };
    },
    async revokeToken({ address }, client, token) {
      calls.push({ address, client, token });
      return { ok: true };
    },
  };
  return { exchange, calls };
}

const exchangeCode = `mutation ($input: ExchangeAuthorizationCodeInput!) {
  exchangeAuthorizationCode(input: $input) {
    __typename
    ... on TokenSet { accessToken tokenType expiresIn refreshToken idToken scope }
    ... on OAuthError { error errorDescription }
  }
}`;

describe('token mutations', () => {
  it('are open to every caller, and authenticate the client as it is registered', async (t) => {
    const { exchange, calls } = recorder();
    const { ask, store } = await openApi(t, { exchange });
    const { id: clientId } = await addApplication(store, { tokenEndpointAuthMethod: 'client_secret_post' });
    const client = { clientId, clientSecret: 's', code: 'c', codeVerifier: 'v', redirectUri: 'r' };
    const { data, errors } = await ask(nobody, exchangeCode, { input: { client } });
    assert.deepEqual(errors, []);
    assert.deepEqual(data.exchangeAuthorizationCode, {
      __typename: 'TokenSet',
      accessToken: 'at',
      tokenType: 'Bearer',
      expiresIn: 600,
      refreshToken: 'rt',
      idToken: null,
      scope: ['profile'],
    });
    assert.deepEqual(calls, [
      {
        address: '192.0.2.1',
        client: { clientId, tokenEndpointAuthMethod: 'client_secret_post', clientSecret: 's' },
        code: 'c',
      },
    ]);
  });

  it('answer an expected failure as data', async (t) => {
    const { exchange, calls } = recorder();
    const { ask, store } = await openApi(t, { exchange });
    const { id: clientId } = await addApplication(store);
    const { data, errors } = await ask(
      nobody,
      'mutation ($input: RefreshAccessTokenInput!) { refreshAccessToken(input: $input) { ... on OAuthError { error } } }',
      { input: { clientId, refreshToken: 'rt', scope: ['a'] } },
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(data.refreshAccessToken, { error: 'invalid_grant' });
    assert.deepEqual(calls, [
      {
        address: '192.0.2.1',
        client: { clientId, tokenEndpointAuthMethod: 'none', clientSecret: null },
        grant: { refreshToken: 'rt', scope: ['a'] },
      },
    ]);
  });

  it('C-13 revokeToken succeeds for a token that is not valid any more', async (t) => {
    const { exchange } = recorder();
    const { ask, store } = await openApi(t, { exchange });
    const { id: clientId } = await addApplication(store);
    const { data } = await ask(
      nobody,
      'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { error { error } } }',
      { input: { clientId, token: 't' } },
    );
    assert.deepEqual(data, { revokeToken: { error: null } });
  });

  it('C-3 an unknown client is invalid_client, and nothing is sent', async (t) => {
    const { exchange, calls } = recorder();
    const { ask } = await openApi(t, { exchange });
    for (const clientId of ['nobody', '', '__proto__', '\0', 'x'.repeat(100_000)]) {
      const client = { clientId, code: 'c', codeVerifier: 'v', redirectUri: 'r' };
      const { data, errors } = await ask(nobody, exchangeCode, { input: { client } });
      assert.deepEqual(errors, []);
      assert.equal(data.exchangeAuthorizationCode.error, 'invalid_client');
    }
    assert.deepEqual(calls, []);
  });
});
