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

/** What `claimgate.config.{ts,js,mjs}` exports by default. */
export interface ConfigFile {
  /** Your part of the GraphQL API: annotated SDL and its resolvers. */
  readonly modules?: readonly Module[];
  /** Your scopes by name, beside the shipped ones. Where there are any, `@auth` may name no other. */
  readonly scopes?: Readonly<Record<string, ScopeEntry>>;
  /** APIs beside our own that the embedded authorization server issues access tokens for. Default: none. */
  readonly resources?: readonly ResourceEntry[];
  /**
   * What Claimgate's directives are called in your modules where the usual names are taken: `{ auth: 'claims' }` for `@claims`. An
   * `@auth` that a module defines is then the module's own. Default: `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /**
   * `false`: `viewer`, `scopes`, accounts, applications and all else of the identity API are left out, and the token mutations stay.
   * `{ prefix: 'Claimgate' }`: its types and root fields are called `ClaimgateAccount`, `claimgateAccounts`. Default `true`.
   */
  readonly identityApi?: IdentityApi;
  /** The functions that `@auth(policy:)` names. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** What becomes of a query that is denied in part: the rest of it is answered, or nothing of it runs. Default `partial`. */
  readonly denial?: 'partial' | 'reject';
  /**
   * Who may read the schema by `__schema` and `__type`: everybody, whoever has an access token, nobody. Default `open`. Where it
   * is not open, errors suggest no names of the schema.
   */
  readonly introspection?: Introspection;
  /**
   * Whether applications register themselves (RFC 7591): not without `CLAIMGATE_REGISTRATION_TOKEN`, or everybody's. Default
   * `off`.
   */
  readonly registration?: 'off' | 'open';
  /** What one document may ask for. Defaults: `limitKinds` in `api/limits/limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** How many WebSockets and event streams may be open. Defaults: `streamLimitKinds` in `config/objects/streams.ts`. */
  readonly streams?: Partial<StreamLimits>;
  readonly lifetimes?: Partial<Lifetimes>;
  /** The keys that the embedded authorization server signs with: of which algorithm, and how long each. */
  readonly keys?: KeysEntry;
  /** How often may be guessed wrong, and how many register themselves. Defaults: `attemptLimitKinds` in `identity/attempts/limits.ts`, */
  readonly attempts?: Partial<AttemptLimits>;
  /**
   * Issuers elsewhere whose access tokens are accepted too. Their subjects are no accounts of yours: only those of the
   * embedded authorization server, or of `CLAIMGATE_ISSUER`, are. An entry for `CLAIMGATE_ISSUER` itself holds its settings.
   */
  readonly issuers?: readonly IssuerEntry[];
  /** Issuers elsewhere whose confidential client this server is: `beginAuthorization` and the `connection` form of the exchange. */
  readonly connections?: readonly ConnectionEntry[];
  /** What is asked of the proofs that come with tokens bound to a key, here and at the embedded authorization server. */
  readonly dpop?: DpopEntry;
}

/** Gives a configuration its type; returns it as it is. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}
