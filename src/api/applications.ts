import { registerApplication } from '../identity/applications.ts';
import type { AuditRecorder } from '../identity/audit-recorder.ts';
import { allowedScopes, type ScopeCatalogue } from '../identity/scopes.ts';
import type { Store } from '../identity/store.ts';
import { requireAccount } from './caller.ts';
import { changed } from './changed.ts';
import { pageOf, toConnection } from './connection.ts';
import type { Resolvers } from './generated.ts';
import { toGlobalId } from './global-id.ts';
import type { IdentityLoaders } from './loaders.ts';
import { defineModule, type Module } from './module.ts';
import { checkedRegistration } from './registration.ts';
import { sdl } from './sdl.ts';

interface ApplicationsOptions {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly loaders: IdentityLoaders;
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** `applications`, `registerApplication` and the type `Application`. */
export function applicationsModule({ store, catalogue, loaders, recorder, now }: ApplicationsOptions): Module {
  const resolvers: Resolvers = {
    Query: {
      async applications(_query, pageArguments, context) {
        const page = pageOf(pageArguments);
        const parent = requireAccount(context);
        return toConnection(page, await loaders.applicationsByAccount(context).load({ parent, page }));
      },
    },
    Mutation: {
      async registerApplication(_mutation, { input }, context, info) {
        const registration = checkedRegistration(input, catalogue, requireAccount(context));
        const registered = await registerApplication(store, registration, now());
        const detail = `client ID ${registered.application.id}`;
        await recorder?.write(changed('application_registered', context, info, detail));
        return registered;
      },
    },
    Application: {
      id: ({ id }) => toGlobalId('Application', id),
      clientId: ({ id }) => id,
      scopes: ({ scopes }) => [...allowedScopes(catalogue, scopes)],
      dpopBoundAccessTokens: ({ dpopBound }) => dpopBound,
      requirePushedAuthorizationRequests: ({ pushedRequestsOnly }) => pushedRequestsOnly,
      createdAt: ({ createdAt }) => new Date(createdAt),
    },
    ApplicationType: { WEB: 'web', NATIVE: 'native' },
    TokenEndpointAuthMethod: {
      NONE: 'none',
      CLIENT_SECRET_BASIC: 'client_secret_basic',
      CLIENT_SECRET_POST: 'client_secret_post',
      PRIVATE_KEY_JWT: 'private_key_jwt',
    },
    GrantType: {
      AUTHORIZATION_CODE: 'authorization_code',
      REFRESH_TOKEN: 'refresh_token',
      CLIENT_CREDENTIALS: 'client_credentials',
    },
  };
  return defineModule({ name: 'claimgate/applications', typeDefs: sdl('applications'), resolvers });
}
