import type { Introspection } from '../api/operation/rules/introspection.ts';
import type { Limits } from '../api/limits/limits.ts';
import type { Module } from '../api/module.ts';
import type { IdentityApi } from '../api/names/own-names.ts';
import type { DirectiveNames } from '../auth/directive-names.ts';
import type { ApiContext } from '../api/request/context.ts';
import type { Policy } from '../auth/policies/policy.ts';
import type { AttemptLimits } from '../identity/attempts/limits.ts';
import type { ScopeEntry } from '../identity/grants/scopes.ts';
import type { Lifetimes } from '../provider/lifetimes.ts';
import type { AppearanceEntry } from './objects/appearance.ts';
import type { ConnectionEntry } from './objects/connections.ts';
import type { DpopEntry } from './objects/dpop.ts';
import type { IssuerEntry } from './objects/issuers.ts';
import type { KeysEntry } from './objects/keys.ts';
import type { ReplayEntry } from './objects/replay.ts';
import type { ResourceEntry } from './objects/resources.ts';
import type { StreamLimits } from './objects/streams.ts';
import type { TrustedDocumentsEntry } from './objects/trusted-documents.ts';

/** What a browser gets at `/graphql`. */
export type LandingPageName = 'sandbox' | 'explorer';

/** The default export of `claimgate.config.{ts,js,mjs}`. */
export interface ConfigFile {
  /** Your part of the GraphQL API: annotated SDL and its resolvers. */
  readonly modules?: readonly Module[];
  /**
   * Your scopes by name, in addition to the shipped scopes of the embedded authorization server. If you set scopes,
   * `@auth` may name only your scopes and the shipped scopes. Default: none.
   */
  readonly scopes?: Readonly<Record<string, ScopeEntry>>;
  /** Other APIs for which the embedded authorization server issues access tokens. Default: none. */
  readonly resources?: readonly ResourceEntry[];
  /**
   * Other names for Claimgate's directives, if your modules define directives with the usual names. With
   * `{ auth: 'claims' }`, Claimgate's directive is `@claims`, and a module may define its own `@auth`. Default: `auth`,
   * `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /**
   * Whether the schema has the identity API: `viewer`, `scopes`, accounts, applications and more. `false`: only the
   * mutations for tokens stay. `{ prefix: 'Claimgate' }`: the names of its types and root fields have this prefix, as
   * in `ClaimgateAccount` and `claimgateAccounts`. Default `true`.
   */
  readonly identityApi?: IdentityApi;
  /** The functions that `@auth(policy:)` names. */
  readonly policies?: Readonly<Record<string, Policy<ApiContext>>>;
  /**
   * The answer to a query if some of its fields are denied. `partial`: the other fields are answered. `reject`: nothing
   * runs if a rule that depends only on the access token denies a field. Other rules deny as with `partial`. Default
   * `partial`.
   */
  readonly denial?: 'partial' | 'reject';
  /**
   * Which callers may read the schema by `__schema` and `__type`. `open`: all callers. `authenticated`: callers with an
   * access token. `off`: no caller. Default `open`. Unless it is `open`, errors suggest no names of the schema, for any
   * caller.
   */
  readonly introspection?: Introspection;
  /**
   * Whether applications may register themselves without a token (RFC 7591). `open`: every application may. `off`: an
   * application must send `CLAIMGATE_REGISTRATION_TOKEN`. If this variable is not set, no application may register
   * itself. Default `off`.
   */
  readonly registration?: 'off' | 'open';
  /**
   * The documents of your clients. A request can name such a document by its ID instead of sending its text. A path is
   * short for `{ manifests: [path] }`. Default: no document has an ID.
   */
  readonly trustedDocuments?: string | TrustedDocumentsEntry;
  /**
   * Whether operations are recorded for `claimgate replay`, without their values: `true`, or an object of settings. It
   * needs `CLAIMGATE_KEY`. Default `false`.
   */
  readonly replay?: boolean | ReplayEntry;
  /** How much one document may request. Defaults: the table in `api/limits/limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** How many WebSockets and event streams may be open. Defaults: the table in `config/objects/streams.ts`. */
  readonly streams?: Partial<StreamLimits>;
  /** How long codes, tokens and grants are valid, in seconds. Defaults: the table in `config/objects/lifetimes.ts`. */
  readonly lifetimes?: Partial<Lifetimes>;
  /** The signing keys of the embedded authorization server: their algorithm, and how long each key signs. */
  readonly keys?: KeysEntry;
  /** How many wrong guesses and registrations are allowed. Defaults: the table in `identity/attempts/limits.ts`. */
  readonly attempts?: Partial<AttemptLimits>;
  /**
   * Foreign issuers whose access tokens are accepted too. Their subjects are not your accounts. Only subjects of the
   * embedded authorization server, or of `CLAIMGATE_ISSUER`, are your accounts. `CLAIMGATE_ISSUER` can have an entry
   * here with its settings.
   */
  readonly issuers?: readonly IssuerEntry[];
  /**
   * Foreign issuers at which this server is a confidential client. `beginAuthorization` and the `connection` form of
   * the exchange use them.
   */
  readonly connections?: readonly ConnectionEntry[];
  /**
   * Whether the server has the explorer at `/explorer`. `false`: there is no such page, and its application
   * `claimgate-explorer` is deleted at the next start. Default `true`.
   */
  readonly explorer?: boolean;
  /**
   * What a browser gets at `/graphql`: Apollo Sandbox, or the explorer. Default: `sandbox` if `CLAIMGATE_PUBLIC_URL` is
   * a loopback address, otherwise `explorer`. If `explorer` is false, it is a plain page instead of the explorer.
   */
  readonly landingPage?: LandingPageName;
  /** The names, the logo, the colours and the support link of the pages. Default: the appearance of Claimgate. */
  readonly appearance?: AppearanceEntry;
  /** The requirements for DPoP proofs, at the API endpoint and at the embedded authorization server. */
  readonly dpop?: DpopEntry;
}

/** Gives a configuration its type, and returns it unchanged. Does not check it; the server checks it at start. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}
