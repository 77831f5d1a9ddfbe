import * as oauth from 'oauth4webapi';

/** An authorization request that is under way. */
export interface Begun {
  /** Where the browser goes. */
  readonly address: URL;
  /** Trades the code in the address that the browser came back to. */
  readonly finish: (callback: URL) => Promise<oauth.TokenEndpointResponse>;
}

/**
 * The authorization code flow with PKCE by oauth4webapi.
 *
 * @param issuer as `https://api.example.com`
 */
export async function begin(issuer: string, clientId: string, redirectUri: string, scope: string): Promise<Begun> {
  // On the own machine only.
  const options = { [oauth.allowInsecureRequests]: issuer.startsWith('http:') };
  const client: oauth.Client = { client_id: clientId };
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const address = new URL(server.authorization_endpoint ?? '');
  address.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }).toString();
  return {
    address,
    async finish(callback) {
      const parameters = oauth.validateAuthResponse(server, client, callback, state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        parameters,
        redirectUri,
        codeVerifier,
        options,
      );
      return oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
    },
  };
}
