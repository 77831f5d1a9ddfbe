import { ClaimgateError } from '../../errors.ts';
import { registerForAccount } from '../../identity/applications/register-for-account.ts';
import { allowedScopes } from '../../identity/grants/scopes.ts';
import { type ApplicationsOptions, applicationChanges, existing } from './application-changes.ts';
import { requireAccount } from '../request/caller.ts';
import { changedFact, changingIn } from '../changed.ts';
import { pageOf, toConnection } from '../relay/connection.ts';
import type { Resolvers } from '../generated.ts';
import { fromGlobalId, toGlobalId } from '../relay/global-id.ts';
import type { OwnModule } from '../names/rename.ts';
import { checkedRegistration } from '../../identity/applications/registration.ts';
import { sdl } from '../sdl.ts';

/** Creates the module of `applications`, `application`, the mutations of applications, and the type `Application`. */
export function applicationsModule(options: ApplicationsOptions): OwnModule {
  const { store, catalogue, publicUrl, loaders, visible, names, recorder, now } = options;
  const changing = changingIn(store, recorder);
  const resolvers: Resolvers = {
    Query: {
      async applications(_query, pageArguments, context) {
        const page = pageOf(pageArguments);
        const parent = requireAccount(context);
        return toConnection(page, await loaders.applicationsByAccount(context).load({ parent, page }));
      },
      async application(_query, { id, clientId }, context) {
        if (typeof id === 'string' ? typeof clientId === 'string' : typeof clientId !== 'string') {
          throw new ClaimgateError('BAD_USER_INPUT', 'Expected either id or clientId.');
        }
        const found = await visible.application(
          typeof id === 'string' ? fromGlobalId(names.type('Application'), id) : checkedClientId(clientId ?? ''),
          context,
        );
        return existing(found && found.item);
      },
    },
    Mutation: {
      ...applicationChanges(options),
      async registerApplication(_mutation, { input }, context, info) {
        const registeredBy = requireAccount(context);
        const registration = checkedRegistration(input, { catalogue, publicUrl }, registeredBy);
        const registered = await changing(
          (transaction) => registerForAccount(transaction, { ...registration, registeredBy }, now()),
          ({ application }) => changedFact('application_registered', context, info, `client ID ${application.id}`),
        );
        return registered;
      },
    },
    Application: {
      id: ({ id }) => toGlobalId(names.type('Application'), id),
      clientId: ({ id }) => id,
      scopes: ({ scopes }) => [...allowedScopes(catalogue, scopes)],
      createdAt: ({ createdAt }) => new Date(createdAt),
      registeredBy: ({ registeredBy }, _arguments, context) =>
        registeredBy === null ? null : loaders.account(context).load(registeredBy),
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
  return { name: 'claimgate/applications', typeDefs: sdl('applications'), resolvers };
}

/**
 * Returns a client ID that every database accepts as a parameter.
 *
 * @throws ClaimgateError `NOT_FOUND` for any other text
 */
function checkedClientId(clientId: string): string {
  return existing(/^[\x21-\x7e]{1,256}$/.test(clientId) ? clientId : null);
}
