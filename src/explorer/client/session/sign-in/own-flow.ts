import { type Environment, SessionError } from '../caller.ts';
import { base64url, codeChallengeOf, decodeJwt } from '../tokens/encoding.ts';
import type { Flow, SignInRequest } from './flow.ts';
import type { Api } from '../tokens/api.ts';
import { codeOf } from './response.ts';
import { type IssuedTokens, mutate, mutateForTokens } from '../tokens/token-mutations.ts';

interface OwnFlowOptions {
  readonly api: Api;
  readonly clientId: string;
  /** The absolute URL of the authorization endpoint. */
  readonly authorizationEndpoint: string;
  /** The `iss` of the authorization server. */
  readonly issuer: string;
  readonly redirectUri: string;
  readonly random: Environment['random'];
}

/** The sign-in page and the consent page can be used for 15 minutes each. */
const lifetimeMs = 15 * 60 * 1_000;
const secretBytes = 32;

/**
 * Makes the flow of this server's own authorization server: authorization code with PKCE S256, `state`, `nonce` and
 * `iss` (RFC 9207). The page is a public client. The secrets of a request stay in memory.
 *
 * The signature of the ID token is not verified, because the token comes directly from the token endpoint (OpenID
 * Connect Core §3.1.3.7).
 */
export function ownFlow(options: OwnFlowOptions): Flow {
  const { api, clientId, authorizationEndpoint, issuer, redirectUri, random } = options;
  const secret = () => base64url(random(secretBytes));
  return {
    redirectUri,
    isSilent: true,
    revokesAccessTokens: true,
    endSessionUrl: `${issuer}/oauth/logout?client_id=${encodeURIComponent(clientId)}`,

    async begin(request) {
      const [state, nonce, codeVerifier] = [secret(), secret(), secret()];
      const url = new URL(authorizationEndpoint);
      url.search = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: ['openid', ...new Set(request.scopes)].join(' '),
        state,
        nonce,
        code_challenge: await codeChallengeOf(codeVerifier),
        code_challenge_method: 'S256',
        ...promptParameters(request),
      }).toString();
      return {
        url: url.href,
        state,
        lifetimeMs,
        async finish(response) {
          if (response.state !== state) throw new SessionError('The answer belongs to another sign-in. Begin again.');
          if (response.iss !== issuer) {
            throw new SessionError(`The answer did not come from ${issuer} (RFC 9207: iss). Begin again.`);
          }
          const client = { clientId, code: codeOf(response), codeVerifier, redirectUri };
          const tokens = await mutateForTokens(api, 'exchangeAuthorizationCode', { client });
          checkIdToken(tokens, { nonce, issuer, clientId });
          return tokens;
        },
      };
    },
    refresh: (refreshToken) => mutateForTokens(api, 'refreshAccessToken', { clientId, refreshToken }),
    async revoke(token) {
      await mutate(api, 'revokeToken', { clientId, token });
    },
  };
}

/** Returns the parameters of the authorization request that decide which pages a person sees. */
export function promptParameters({ prompt, maxAge, acr }: SignInRequest): Record<string, string> {
  return {
    ...(prompt !== null && { prompt }),
    ...(maxAge !== null && { max_age: String(maxAge) }),
    ...(acr.length > 0 && { acr_values: acr.join(' ') }),
  };
}

/** @throws SessionError if the ID token does not belong to this request (OpenID Connect Core §3.1.3.7) */
function checkIdToken(
  { idToken }: IssuedTokens,
  expected: { readonly nonce: string; readonly issuer: string; readonly clientId: string },
): void {
  const claims = idToken === null ? null : decodeJwt(idToken)?.claims;
  if (!claims) throw new SessionError('The server answered without an ID token, so the sign-in cannot be checked.');
  const fits =
    claims['nonce'] === expected.nonce && claims['iss'] === expected.issuer && claims['aud'] === expected.clientId;
  if (!fits) throw new SessionError('The ID token belongs to another sign-in (nonce, iss or aud). Begin again.');
}
