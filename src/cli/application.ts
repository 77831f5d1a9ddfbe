import { checkedChanges } from '../identity/applications/registration.ts';
import { deleteApplication, rotateClientSecret, updateApplication } from '../identity/applications/changes.ts';
import type { Application } from '../identity/applications/application.ts';
import { findApplications, listApplications } from '../identity/applications/applications.ts';
import { allowedScopes, type ScopeCatalogue } from '../identity/grants/scopes.ts';
import type { Store } from '../identity/store.ts';
import { scopeTokens } from '../protocol/scope.ts';
import { administer, type Tasks } from './administer.ts';
import { accountNamed, everyPage, existing } from './lookup.ts';
import { Misuse } from './misuse.ts';

const tasks: Tasks = {
  list: {
    options: { account: { type: 'string' } },
    async task({ store, printer }, { words, option }) {
      words();
      const named = option('account');
      const owner = named === undefined ? undefined : (await accountNamed(store, named)).id;
      for await (const applications of everyPage((page) => listApplications(store, page, owner))) {
        for (const { id, name, applicationType, createdAt } of applications) {
          printer.row({ clientId: id, createdAt: new Date(createdAt).toISOString(), applicationType, name });
        }
      }
    },
  },

  show: {
    async task({ store, catalogue, printer }, { words }) {
      printer.thing(recordOf(await applicationOf(store, words('CLIENT_ID')[0]), catalogue));
    },
  },

  update: {
    options: {
      name: { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true },
      'post-logout-redirect-uri': { type: 'string', multiple: true },
      scope: { type: 'string', multiple: true },
    },
    async task({ store, catalogue, publicUrl, printer, changing, now }, { words, option, options }) {
      const present = await applicationOf(store, words('CLIENT_ID')[0]);
      const input = {
        name: option('name') ?? null,
        redirectUris: options('redirect-uri') ?? null,
        postLogoutRedirectUris: options('post-logout-redirect-uri') ?? null,
        // The option may be repeated, and each value may hold several scopes with spaces between them.
        scopes: options('scope')?.flatMap(scopeTokens) ?? null,
      };
      const changes = checkedChanges(input, present, { catalogue, publicUrl }, true);
      const changed = Object.keys(changes);
      if (changed.length === 0)
        throw new Misuse('expected --name, --redirect-uri, --post-logout-redirect-uri or --scope');
      const updated = await changing(
        (transaction) => updateApplication(transaction, catalogue, present.id, changes, now()),
        (one) => one && ['application_updated', `client ID ${present.id}: ${changed.join(', ')}`],
      );
      const application = existing(updated, 'application');
      printer.thing(recordOf(application, catalogue), `Changed ${changed.join(', ')} of ${application.name}.`);
    },
  },

  'rotate-secret': {
    async task({ store, catalogue, printer, changing }, { words }) {
      const application = await applicationOf(store, words('CLIENT_ID')[0]);
      const secret = await changing(
        (transaction) => rotateClientSecret(transaction, application.id),
        (made) => (made === null ? null : ['application_secret_rotated', `client ID ${application.id}`]),
      );
      const clientSecret = existing(secret, 'application');
      printer.thing(
        { ...recordOf(application, catalogue), clientSecret },
        `${application.name} has a new client secret, which is shown this once. The old one is refused from now on.`,
      );
    },
  },

  delete: {
    async task({ catalogue, printer, changing, now }, { words }) {
      const [clientId] = words('CLIENT_ID');
      const deleted = await changing(
        (transaction) => deleteApplication(transaction, clientId, now()),
        (one) => one && ['application_deleted', `client ID ${one.id}`],
      );
      const application = existing(deleted, 'application');
      printer.thing(recordOf(application, catalogue), `Deleted ${application.name}: its grants and tokens have ended.`);
    },
  },
};

/** Manages applications, directly in the database. @returns the exit code */
export function application(args: readonly string[]): Promise<number> {
  return administer('application', tasks, args);
}

async function applicationOf(store: Store, clientId: string): Promise<Application> {
  const [found = null] = await findApplications(store, [clientId]);
  return existing(found, 'application');
}

/** Returns what is printed of an application. A field that this function does not name is printed last. */
function recordOf(application: Application, catalogue: ScopeCatalogue) {
  const { id, name, applicationType, tokenEndpointAuthMethod, redirectUris, postLogoutRedirectUris, ...rest } =
    application;
  const { scopes, registeredBy, createdAt, ...unnamed } = rest;
  const {
    grantTypes: _grantTypes,
    keys: _keys,
    dpopBoundAccessTokens: _dpopBoundAccessTokens,
    requirePushedAuthorizationRequests: _requirePushedAuthorizationRequests,
    selfRegistered: _selfRegistered,
    ...printed
  } = unnamed;
  return {
    clientId: id,
    name,
    applicationType,
    tokenEndpointAuthMethod,
    redirectUris,
    postLogoutRedirectUris,
    scopes: [...allowedScopes(catalogue, scopes)],
    registeredBy,
    createdAt: new Date(createdAt).toISOString(),
    ...printed,
  };
}
