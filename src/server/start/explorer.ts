import { exampleDocument, identityApiOfExamples } from '../../api/names/own-names.ts';
import { hidesSchema } from '../../api/operation/rules/introspection.ts';
import { sensitiveCoordinates } from '../../api/operation/rules/sensitive.ts';
import type { ApiContext } from '../../api/request/context.ts';
import { namesOf } from '../../auth/directive-names.ts';
import type { Config } from '../../config.ts';
import type { Settings, SignIn } from '../../explorer/client/settings.ts';
import type { DocumentsRequest } from '../../explorer/documents-route.ts';
import { type ExplorerRoutes, explorerRoutes } from '../../explorer/explorer.ts';
import { callbackPath, explorerPath } from '../../explorer/paths.ts';
import { type LandingPage, plainLandingPage } from '../../http/graphql/landing-page.ts';
import { graphqlPath } from '../../http/graphql/graphql.ts';
import { explorerClientId } from '../../identity/applications/first-party.ts';
import type { Logger } from '../../observe/log.ts';
import { endpoints } from '../../provider/paths.ts';
import type { Api } from './api.ts';

/**
 * Makes the routes of the explorer.
 *
 * @param context - verifies the credential of a request. Throws, or rejects, if the credential is refused
 */
export function explorerOf(
  config: Config,
  api: Api,
  log: Logger,
  context: (request: DocumentsRequest) => ApiContext | Promise<ApiContext>,
): ExplorerRoutes {
  return explorerRoutes({
    settings: settingsOf(config, api),
    firstDocument: exampleDocument(identityApiOfExamples(config)),
    documents: api.trusted && {
      find: api.trusted.find,
      textOf: (id) => api.trusted?.textOf(id),
      async isOpenTo(request) {
        if (config.introspection === 'open') return true;
        try {
          return !hidesSchema(config.introspection, (await context(request)).principal);
        } catch {
          return false;
        }
      },
    },
    onFault: (error) => log.error({ err: error }, 'the explorer could not be built'),
  });
}

/** Chooses what a browser gets at the API endpoint. */
export function landingPageOf({ landingPage, explorer, appearance }: Config, { sandbox }: ExplorerRoutes): LandingPage {
  if (landingPage === 'sandbox') return sandbox;
  return explorer ? (reply) => reply.redirect(explorerPath, 302) : plainLandingPage(appearance.productName);
}

/** Returns the settings that the pages of the explorer read. They contain no secret. */
function settingsOf(config: Config, { guarded, catalogues, embedded }: Api): Settings {
  const { auth, public: open, sensitive } = namesOf(config.directives);
  const found = embedded ? ownSignIn(config) : connectionSignIn(config);
  // Without the explorer, the callback page and the application do not exist.
  const signIn = config.explorer ? found : null;
  return {
    productName: config.appearance.productName,
    publicUrl: config.publicUrl,
    endpoint: graphqlPath,
    clientId: explorerClientId,
    signIn,
    signInFault: signIn ? null : signInFault(config),
    scopes: [...catalogues.own].map(([name, { description }]) => ({ name, description })),
    introspection: config.introspection,
    // The page is public, so it names inputs only if everyone may read the schema.
    sensitiveInputs: config.introspection === 'open' ? sensitiveCoordinates(guarded.schema) : null,
    directiveNames: { auth, public: open, sensitive },
    ...(embedded && config.identityApi !== false && { audit: { prefix: prefixOf(config.identityApi) } }),
    ...(config.trustedDocuments && {
      trusted: {
        only: config.trustedDocuments.only,
        isFree: config.trustedDocuments.freeClients.includes(explorerClientId),
      },
    }),
    ...(config.identityApi !== false && { identityApi: { prefix: prefixOf(config.identityApi) } }),
    explorer: config.explorer,
  };
}

function ownSignIn({ publicUrl }: Config): SignIn {
  return {
    kind: 'own',
    authorizationEndpoint: publicUrl + endpoints.authorization,
    tokenBy: 'exchangeAuthorizationCode',
  };
}

function signInFault({ explorer, publicUrl }: Config): string {
  return explorer
    ? `The explorer can sign in if a connection of this server has the redirect URI ${publicUrl}${callbackPath}. None has it. Paste an access token instead.`
    : 'This page cannot sign in, because the configuration of the server has explorer: false.';
}

/** Returns the first connection that returns codes to the explorer; null if no connection does. */
function connectionSignIn({ connections, publicUrl }: Config): SignIn | null {
  const found = connections.find(({ redirectUris }) => redirectUris.includes(publicUrl + callbackPath));
  return found ? { kind: 'connection', connection: found.name } : null;
}

function prefixOf(identityApi: Exclude<Config['identityApi'], false>): string {
  return typeof identityApi === 'object' ? identityApi.prefix : '';
}
