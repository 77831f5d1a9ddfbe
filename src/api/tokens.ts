import type { Client } from '../exchange/client.ts';
import type { Exchange, TokenResult } from '../exchange/exchange.ts';
import { type OAuthError, oauthError } from '../exchange/oauth-error.ts';
import type { TokenSet } from '../exchange/token-set.ts';
import type { ApiContext } from './context.ts';
import type { Resolvers } from './generated.ts';
import type { IdentityLoaders } from './loaders.ts';
import { defineModule, type Module } from './module.ts';
import { sdl } from './sdl.ts';

/** Who an input says it is. */
interface PresentedClient {
  readonly clientId: string;
  readonly clientSecret?: string | null;
}

interface TokensOptions {
  /** With this server's own authorization server. */
  readonly exchange: Exchange;
  readonly loaders: Pick<IdentityLoaders, 'application'>;
}

/** The token mutations: what the token and revocation endpoints do, over GraphQL. */
export function tokensModule({ exchange, loaders }: TokensOptions): Module {
  /**
   * How a client proves itself is as it registered, never as it says.
   *
   * @param forTokens whether it asks for tokens, which may have to be bound to a key
   */
  async function registered(
    presented: PresentedClient,
    context: ApiContext,
    forTokens: boolean,
  ): Promise<Client | OAuthError> {
    const application = await loaders.application(context).load(presented.clientId);
    if (!application) return oauthError('invalid_client');
    const { id: clientId, tokenEndpointAuthMethod, dpopBound } = application;
    if (tokenEndpointAuthMethod === 'private_key_jwt') return oauthError('invalid_client', elsewhere.privateKeyJwt);
    if (dpopBound && forTokens) return oauthError('invalid_request', elsewhere.dpop);
    return { clientId, tokenEndpointAuthMethod, clientSecret: presented.clientSecret ?? null };
  }

  const resolvers: Resolvers = {
    Mutation: {
      async exchangeAuthorizationCode(_mutation, { input }, context) {
        const client = await registered(input.client, context, true);
        if ('error' in client) return client;
        return payload(await exchange.exchangeAuthorizationCode(context, client, input.client));
      },
      async refreshAccessToken(_mutation, { input }, context) {
        const client = await registered(input, context, true);
        if ('error' in client) return client;
        const { refreshToken, scope = null } = input;
        return payload(await exchange.refreshAccessToken(context, client, { refreshToken, scope }));
      },
      async revokeToken(_mutation, { input }, context) {
        const client = await registered(input, context, false);
        if ('error' in client) return { error: client };
        const result = await exchange.revokeToken(context, client, input.token);
        return { error: result.ok ? null : result.error };
      },
    },
    TokenPayload: { __resolveType: (value) => ('error' in value ? 'OAuthError' : 'TokenSet') },
  };
  return defineModule({ name: 'claimgate/tokens', typeDefs: sdl('tokens'), resolvers });
}

/** What is said to clients whose proof a mutation cannot take: it is made for the address it is sent to. */
const elsewhere = {
  privateKeyJwt:
    'This application proves itself by private_key_jwt, which the token mutations do not take: use /oauth/token.',
  dpop: 'The tokens of this application are bound to a key (DPoP), which the token mutations do not take: use /oauth/token.',
};

function payload(result: TokenResult): TokenSet | OAuthError {
  return result.ok ? result.tokens : result.error;
}
