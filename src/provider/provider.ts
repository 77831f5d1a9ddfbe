import { Provider } from 'oidc-provider';
import { carryCredentialEpoch } from './adapter/credential-epoch.ts';
import { endInOneTransaction } from './adapter/endings.ts';
import { adaptClients } from './clients/authentication.ts';
import { acceptEmptySecret } from './clients/empty-secret.ts';
import { limitGuessing } from './clients/guessing.ts';
import { markIssued } from './clients/issue-marks.ts';
import { refuseUnusableProofKeys } from './clients/proof-keys.ts';
import { configuration } from './configuration.ts';
import { completeDiscovery } from './endpoints/discovery.ts';
import { introspectJwtAccessTokens } from './endpoints/introspection.ts';
import { askWithoutScript } from './endpoints/logout.ts';
import { answerWrongMethods } from './endpoints/methods.ts';
import { boundParameters } from './endpoints/parameters.ts';
import { revokeJwtAccessTokens } from './endpoints/revocation.ts';
import { reportTokenRequests } from './endpoints/token.ts';
import { nameBodyLimit } from './faults/body-limit.ts';
import { answerOutages } from './faults/outage.ts';
import type { ProviderOptions } from './options.ts';
import { bindInteractions } from './sign-in/browser-binding.ts';
import { interceptDepartures } from './sign-in/departures.ts';

type Addition = (provider: Provider, options: ProviderOptions) => void;

/** Additions to the library's models. They add no middleware, so their order does not matter. */
const modelAdditions: readonly Addition[] = [
  adaptClients, // checks of a client's secret, grant type and proofs
  carryCredentialEpoch, // sessions, sign-ins and grants store the credential epoch of their account
  bindInteractions, // a sign-in belongs to the browser that began it
  endInOneTransaction, // a grant or session ends together with everything that depends on it
];

/**
 * Additions to the library's endpoints, in the order in which a request passes them. The answer passes their middleware
 * in the reverse order. `refuseUnusableProofKeys` and `limitGuessing` replace `Client.find`. Of these two,
 * `limitGuessing` runs first, because it is later in this list.
 */
const requestAdditions: readonly Addition[] = [
  (provider, options) => boundParameters(provider, options.catalogue.size, acceptEmptySecret(provider)),
  answerWrongMethods, // 405 with the expected method
  completeDiscovery, // members that the library leaves out
  nameBodyLimit, // 413 for a body that is too large
  answerOutages, // 503 if the database is unavailable
  interceptDepartures, // a page before a redirect to an application that registered itself
  reportTokenRequests, // audit facts and metrics of the token endpoint
  revokeJwtAccessTokens, // RFC 7009 for access tokens that are JWTs
  refuseUnusableProofKeys, // the key checks of /graphql for DPoP proofs
  (provider, options) => limitGuessing(provider, { ...options, issued: markIssued(provider, options.markSecret) }),
  introspectJwtAccessTokens, // RFC 7662 for access tokens that are JWTs
  askWithoutScript, // our sign-out page, because the library's page runs a script
];

/**
 * Creates the embedded authorization server from the library oidc-provider. The authorization code grant requires PKCE
 * S256. Access tokens are JWTs (RFC 9068).
 *
 * The sign-in pages, the account page and client registration have their own handlers: `interactionHandler`,
 * `accountHandler`, `registrationHandler`.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configuration(options));
  // The library builds URLs from the forwarded headers. http/ overwrites these headers with our public URL.
  provider.proxy = true;
  // Otherwise Koa prints an error when a caller disconnects.
  provider.silent = true;
  for (const add of [...modelAdditions, ...requestAdditions]) add(provider, options);
  provider.on('server_error', (_ctx, error) => options.onFault(error));
  return provider;
}
