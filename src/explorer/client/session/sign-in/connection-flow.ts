import { SessionError } from '../caller.ts';
import type { Flow } from './flow.ts';
import type { Api } from '../tokens/api.ts';
import { promptParameters } from './own-flow.ts';
import { codeOf } from './response.ts';
import { mutate, mutateForTokens } from '../tokens/token-mutations.ts';

interface ConnectionFlowOptions {
  readonly api: Api;
  /** The name of the connection. */
  readonly connection: string;
  readonly redirectUri: string;
}

/**
 * Makes the flow of a foreign issuer. The server is its confidential client: it makes `state`, `nonce` and the code
 * verifier, and checks `iss` and the ID token. The transaction stays in memory.
 */
export function connectionFlow({ api, connection, redirectUri }: ConnectionFlowOptions): Flow {
  return {
    redirectUri,
    isSilent: false,
    revokesAccessTokens: false,
    endSessionUrl: null,

    async begin(request) {
      const begun = await mutate(api, 'beginAuthorization', {
        connection,
        redirectUri,
        ...(request.scopes.length > 0 && { scope: [...request.scopes] }),
      });
      const { authorizationUrl, transaction, expiresIn } = begun;
      const url =
        typeof authorizationUrl === 'string' && URL.canParse(authorizationUrl) ? new URL(authorizationUrl) : null;
      const state = url?.searchParams.get('state');
      // A link to another scheme, such as `javascript:`, could run code in this page.
      if (!url || !state || !/^https?:$/.test(url.protocol) || typeof transaction !== 'string') {
        throw new SessionError('The server answered beginAuthorization without a usable address');
      }
      for (const [name, value] of Object.entries(promptParameters(request))) url.searchParams.set(name, value);
      return {
        url: url.href,
        state,
        lifetimeMs: (typeof expiresIn === 'number' ? expiresIn : 600) * 1_000,
        async finish(response) {
          if (response.state !== state) throw new SessionError('The answer belongs to another sign-in. Begin again.');
          const { iss } = response;
          return mutateForTokens(api, 'exchangeAuthorizationCode', {
            connection: { connection, transaction, code: codeOf(response), state, ...(iss !== null && { iss }) },
          });
        },
      };
    },
    refresh: (refreshToken) => mutateForTokens(api, 'refreshAccessToken', { connection, refreshToken }),
    async revoke(token) {
      await mutate(api, 'revokeToken', { connection, token });
    },
  };
}
