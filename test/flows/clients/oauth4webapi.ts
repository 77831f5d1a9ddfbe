import * as oauth from 'oauth4webapi';

/** An authorization request in progress. */
export interface Begun {
  /** The URL to open in the browser. */
  readonly address: URL;
  /** Exchanges the code in the URL to which the browser returned. */
  readonly finish: (callback: URL) => Promise<oauth.TokenEndpointResponse>;
}

/**
 * Starts the authorization code flow with PKCE, with oauth4webapi.
 * @param issuer - for example `https://api.example.com`
 */
export async function begin(issuer: string, clientId: string, redirectUri: string, scope: string): Promise<Begun> {
  // Only for a server on this machine.
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
