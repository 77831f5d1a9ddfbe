import * as oauth from 'openid-client';

/** An authorization request in progress. */
export interface Begun {
  /** The URL to open in the browser. */
  readonly address: URL;
  /** Exchanges the code in the URL to which the browser returned. */
  readonly finish: (callback: URL) => Promise<oauth.TokenEndpointResponse>;
}

/**
 * Starts the authorization code flow with PKCE, with openid-client.
 * @param issuer - for example `https://api.example.com`
 */
export async function begin(issuer: string, clientId: string, redirectUri: string, scope: string): Promise<Begun> {
  const isLocal = issuer.startsWith('http:');
  const config = await oauth.discovery(new URL(issuer), clientId, undefined, oauth.None(), {
    // Only for a server on this machine.
    ...(isLocal && { execute: [oauth.allowInsecureRequests] }),
  });
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oauth.randomState(), oauth.randomNonce()];
  const address = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  return {
    address,
    finish: (callback) =>
      oauth.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier,
        expectedState,
        expectedNonce,
        idTokenExpected: true,
      }),
  };
}
