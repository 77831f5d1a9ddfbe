import * as oauth from 'openid-client';

/** An authorization request that is under way. */
export interface Begun {
  /** Where the browser goes. */
  readonly address: URL;
  /** Trades the code in the address that the browser came back to. */
  readonly finish: (callback: URL) => Promise<oauth.TokenEndpointResponse>;
}

/**
 * The authorization code flow with PKCE by openid-client.
 *
 * @param issuer as `https://api.example.com`
 */
export async function begin(issuer: string, clientId: string, redirectUri: string, scope: string): Promise<Begun> {
  const isLocal = issuer.startsWith('http:');
  const config = await oauth.discovery(new URL(issuer), clientId, undefined, oauth.None(), {
    // On the own machine only.
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
