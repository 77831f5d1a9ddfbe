// Paste this as the preflight script of Sandbox, and set the header `Authorization: Bearer {{accessToken}}`.
const endpoint = 'http://localhost:4000/graphql';
// The token is renewed when it has less time left than this.
const marginMs = 30_000;

const expiresAt = Number(explorer.environment.get('expiresAt') ?? 0);
if (!explorer.environment.get('accessToken') || expiresAt - Date.now() < marginMs) {
  const input = {
    clientId: explorer.environment.get('clientId'),
    refreshToken: explorer.environment.get('refreshToken'),
  };
  const response = await explorer.fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation Renew($input: RefreshAccessTokenInput!) {
        refreshAccessToken(input: $input) {
          ... on TokenSet { accessToken refreshToken expiresIn }
          ... on OAuthError { error errorDescription }
        }
      }`,
      variables: { input },
    }),
  });
  const { data, errors } = await response.json();
  const tokens = data?.refreshAccessToken;
  if (!tokens?.accessToken) {
    throw new Error(`Sign in again: ${tokens?.errorDescription ?? errors?.[0]?.message ?? 'no tokens'}`);
  }
  explorer.environment.set('accessToken', tokens.accessToken);
  // The server accepts a refresh token once.
  explorer.environment.set('refreshToken', tokens.refreshToken);
  explorer.environment.set('expiresAt', String(Date.now() + tokens.expiresIn * 1_000));
}
