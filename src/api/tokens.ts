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
  /** @returns null for an unknown client: how one proves itself is as it registered, never as it says. */
  async function registered(presented: PresentedClient, context: ApiContext): Promise<Client | null> {
    const application = await loaders.application(context).load(presented.clientId);
    if (!application) return null;
    const { id: clientId, tokenEndpointAuthMethod } = application;
    return { clientId, tokenEndpointAuthMethod, clientSecret: presented.clientSecret ?? null };
  }

  const resolvers: Resolvers = {
    Mutation: {
      async exchangeAuthorizationCode(_mutation, { input }, context) {
        const client = await registered(input.client, context);
        if (!client) return oauthError('invalid_client');
        return payload(await exchange.exchangeAuthorizationCode(context, client, input.client));
      },
      async refreshAccessToken(_mutation, { input }, context) {
        const client = await registered(input, context);
        if (!client) return oauthError('invalid_client');
        const { refreshToken, scope = null } = input;
        return payload(await exchange.refreshAccessToken(context, client, { refreshToken, scope }));
      },
      async revokeToken(_mutation, { input }, context) {
        const client = await registered(input, context);
        if (!client) return { error: oauthError('invalid_client') };
        const result = await exchange.revokeToken(context, client, input.token);
        return { error: result.ok ? null : result.error };
      },
    },
    TokenPayload: { __resolveType: (value) => ('error' in value ? 'OAuthError' : 'TokenSet') },
  };
  return defineModule({ name: 'claimgate/tokens', typeDefs: sdl('tokens'), resolvers });
}

function payload(result: TokenResult): TokenSet | OAuthError {
  return result.ok ? result.tokens : result.error;
}
