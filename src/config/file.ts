import type { Introspection } from '../api/operation/rules/introspection.ts';
import type { Limits } from '../api/limits/limits.ts';
import type { Module } from '../api/module.ts';
import type { IdentityApi } from '../api/names/own-names.ts';
import type { DirectiveNames } from '../auth/directive-names.ts';
import type { Policy } from '../auth/policies/policy.ts';
import type { AttemptLimits } from '../identity/attempts/limits.ts';
import type { ScopeEntry } from '../identity/grants/scopes.ts';
import type { Lifetimes } from '../provider/options.ts';
import type { ConnectionEntry } from './objects/connections.ts';
import type { DpopEntry } from './objects/dpop.ts';
import type { IssuerEntry } from './objects/issuers.ts';
import type { KeysEntry } from './objects/keys.ts';
import type { ResourceEntry } from './objects/resources.ts';
import type { StreamLimits } from './objects/streams.ts';

/** The default export of `claimgate.config.{ts,js,mjs}`. */
export interface ConfigFile {
  /** Your part of the GraphQL API: annotated SDL and its resolvers. */
  readonly modules?: readonly Module[];
  /**
   * Your scopes by name, besides the shipped ones. If there are any, `@auth` may name no other scope. Default: none.
   */
  readonly scopes?: Readonly<Record<string, ScopeEntry>>;
  /** APIs besides this server's own that the embedded authorization server issues access tokens for. Default: none. */
  readonly resources?: readonly ResourceEntry[];
  /**
   * What Claimgate's directives are called in your modules where the usual names are taken: `{ auth: 'claims' }` for `@claims`. An
   * `@auth` that a module defines is then the module's own. Default: `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /**
   * `false`: `viewer`, `scopes`, accounts, applications and the rest of the identity API are left out. The token mutations stay.
   * `{ prefix: 'Claimgate' }`: its types and root fields are called `ClaimgateAccount`, `claimgateAccounts`. Default `true`.
   */
  readonly identityApi?: IdentityApi;
  /** The functions that `@auth(policy:)` names. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /**
   * What happens to a query that is denied in part: `partial` answers the rest of it, `reject` runs nothing of it.
   * Default `partial`.
   */
  readonly denial?: 'partial' | 'reject';
  /**
   * Which callers may read the schema by `__schema` and `__type`: `open` all of them, `authenticated` those with an access token,
   * `off` none. Default `open`. With the other values, errors suggest no names of the schema.
   */
  readonly introspection?: Introspection;
  /**
   * Whether any application may register itself (RFC 7591). `off`: only with `CLAIMGATE_REGISTRATION_TOKEN`, and none if that is not
   * set. Default `off`.
   */
  readonly registration?: 'off' | 'open';
  /** How much one document may ask for. Defaults: the table in `api/limits/limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** How many WebSockets and event streams may be open. Defaults: the table in `config/objects/streams.ts`. */
  readonly streams?: Partial<StreamLimits>;
  /** How long codes, tokens and grants are valid, in seconds. Defaults: the table in `config/objects/lifetimes.ts`. */
  readonly lifetimes?: Partial<Lifetimes>;
  /** The keys that the embedded authorization server signs with: their algorithm, and how long each signs. */
  readonly keys?: KeysEntry;
  /** How many wrong guesses and registrations are allowed. Defaults: the table in `identity/attempts/limits.ts`. */
  readonly attempts?: Partial<AttemptLimits>;
  /**
   * Foreign issuers whose access tokens are accepted too. Their subjects are not accounts of yours: only the subjects of the
   * embedded authorization server, or of `CLAIMGATE_ISSUER`, are. An entry for `CLAIMGATE_ISSUER` itself holds its settings.
   */
  readonly issuers?: readonly IssuerEntry[];
  /**
   * Foreign issuers whose confidential client this server is, for `beginAuthorization` and the `connection` form of the
   * exchange.
   */
  readonly connections?: readonly ConnectionEntry[];
  /** What DPoP proofs must be like, at the API endpoint and at the embedded authorization server. */
  readonly dpop?: DpopEntry;
}

/** Gives a configuration its type, and returns it unchanged. Checks nothing: the server does at its start. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}
