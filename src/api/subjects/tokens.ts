import type { Client } from '../../exchange/client.ts';
import { noConnection } from '../../exchange/connections/connection.ts';
import type { Connections } from '../../exchange/connections/connections.ts';
import type { Exchange, TokenResult } from '../../exchange/own/exchange.ts';
import { type OAuthError, oauthError } from '../../exchange/oauth-error.ts';
import type { TokenSet } from '../../exchange/token-set.ts';
import type { ApiContext } from '../request/context.ts';
import type { Resolvers } from '../generated.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import type { OwnModule } from '../names/rename.ts';
import { sdl } from '../sdl.ts';

/** The client that an input names. */
interface PresentedClient {
  readonly clientId?: string | null;
  readonly clientSecret?: string | null;
}

interface TokensOptions {
  /** Gets tokens from this server's own authorization server. Default: this server has none. */
  readonly own?: {
    readonly exchange: Exchange;
    readonly loaders: Pick<IdentityLoaders, 'application'>;
  };
  /** Gets tokens from foreign issuers. Default: there are no connections. */
  readonly connections?: Connections;
}

/** Creates the module of the token mutations: the token endpoint and the revocation endpoint over GraphQL. */
export function tokensModule({ own, connections }: TokensOptions): OwnModule {
  /**
   * Finds how a client authenticates. Its registration determines the method. The request cannot choose it.
   *
   * @param forTokens - whether the client requests tokens. If so, an application whose tokens must be bound to a key is
   * refused
   * @returns the client, or an error. An error is returned for an unknown client, and for a client whose authentication
   * or proof a mutation cannot accept
   */
  async function registered(
    { clientId, clientSecret = null }: PresentedClient,
    context: ApiContext,
    forTokens: boolean,
  ): Promise<{ readonly client: Client; readonly exchange: Exchange } | OAuthError> {
    if (!own) return oauthError('invalid_client', 'This server has no applications of its own: use `connection`.');
    const application = clientId ? await own.loaders.application(context).load(clientId) : null;
    if (!application) return oauthError('invalid_client');
    const { id, tokenEndpointAuthMethod, dpopBoundAccessTokens } = application;
    if (tokenEndpointAuthMethod === 'private_key_jwt') return oauthError('invalid_client', elsewhere.privateKeyJwt);
    if (dpopBoundAccessTokens && forTokens) return oauthError('invalid_request', elsewhere.dpop);
    return { client: { clientId: id, tokenEndpointAuthMethod, clientSecret }, exchange: own.exchange };
  }

  const resolvers: Resolvers = {
    Mutation: {
      async beginAuthorization(_mutation, { input }) {
        if (!connections) return noConnection;
        const result = await connections.begin({ ...input, scope: input.scope ?? null });
        return result.ok ? result.begun : result.error;
      },
      async exchangeAuthorizationCode(_mutation, { input }, context) {
        if (input.connection) {
          if (!connections) return noConnection;
          const { iss = null } = input.connection;
          return payload(await connections.exchange({ ...input.connection, iss }));
        }
        const found = await registered(input.client, context, true);
        if ('error' in found) return found;
        return payload(await found.exchange.exchangeAuthorizationCode(context, found.client, input.client));
      },
      async refreshAccessToken(_mutation, { input }, context) {
        const { connection, refreshToken, scope = null } = input;
        if (ambiguous(input)) return oneOfBoth;
        if (connection) {
          return connections ? payload(await connections.refresh({ connection, refreshToken, scope })) : noConnection;
        }
        const found = await registered(input, context, true);
        if ('error' in found) return found;
        return payload(await found.exchange.refreshAccessToken(context, found.client, { refreshToken, scope }));
      },
      async revokeToken(_mutation, { input }, context) {
        const { connection, token } = input;
        if (ambiguous(input)) return { error: oneOfBoth };
        if (connection) return { error: connections ? await connections.revoke({ connection, token }) : noConnection };
        const found = await registered(input, context, false);
        if ('error' in found) return { error: found };
        const result = await found.exchange.revokeToken(context, found.client, token);
        return { error: result.ok ? null : result.error };
      },
    },
    TokenPayload: { __resolveType: (value) => ('error' in value ? 'OAuthError' : 'TokenSet') },
    BeginAuthorizationPayload: {
      __resolveType: (value) => ('error' in value ? 'OAuthError' : 'BegunAuthorization'),
    },
  };
  return { name: 'claimgate/tokens', typeDefs: sdl('tokens'), resolvers };
}

/**
 * The messages for clients that must send a proof (`private_key_jwt` or DPoP). The token mutations have no input for a
 * proof.
 */
const elsewhere = {
  privateKeyJwt:
    'This application proves itself by private_key_jwt, which the token mutations do not take: use /oauth/token.',
  dpop: 'The tokens of this application are bound to a key (DPoP), which the token mutations do not take: use /oauth/token.',
};

function payload(result: TokenResult): TokenSet | OAuthError {
  return result.ok ? result.tokens : result.error;
}

/** Whether an input names both an application and a connection, or neither. */
function ambiguous(input: PresentedClient & { readonly connection?: string | null }): boolean {
  const isOfClient = typeof input.clientId === 'string' || typeof input.clientSecret === 'string';
  return isOfClient === (typeof input.connection === 'string');
}

const oneOfBoth = oauthError(
  'invalid_request',
  'Expected either clientId, with its clientSecret if it has one, or connection.',
);
