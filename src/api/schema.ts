import { namesOf } from '../auth/directive-names.ts';
import { createGuardedSchema } from '../auth/schema.ts';
import type { GuardedSchema, GuardedSchemaOptions } from '../auth/guarded-schema.ts';
import type { Connections } from '../exchange/connections/connections.ts';
import type { Exchange } from '../exchange/own/exchange.ts';
import type { AuditFeed } from '../audit/feed.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { KeySettings } from '../identity/keys/rotation.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import type { Store } from '../identity/store.ts';
import { accountsModule } from './subjects/accounts.ts';
import { recordAdministration } from './administration.ts';
import { applicationsModule } from './subjects/applications.ts';
import { auditModule } from './subjects/audit.ts';
import { dateTime } from './date-time.ts';
import { accountIdOf } from './relay/global-id.ts';
import { grantsModule } from './subjects/grants.ts';
import { type IdentityLoaders, identityLoaders } from './request/loaders.ts';
import type { FindNode, Module } from './module.ts';
import { nodeModule, recordFinders, typeOfNode } from './subjects/node.ts';
import { collectNodes } from './nodes.ts';
import { withAdvice } from './names/clashes.ts';
import { type IdentityApi, type OwnNames, ownNames, usualOwnNames } from './names/own-names.ts';
import { type OwnModule, renamed } from './names/rename.ts';
import { recordPolicies } from './records/records.ts';
import { scopesModule } from './subjects/scopes.ts';
import { sdl } from './sdl.ts';
import { signingKeysModule } from './subjects/signing-keys.ts';
import { type SigningKeyRecord, signingKeyRecords } from './subjects/signing-key-records.ts';
import { signInSessionsModule } from './subjects/sign-in-sessions.ts';
import { tokensModule } from './subjects/tokens.ts';
import { viewerModule } from './subjects/viewer.ts';
import { type VisibleThings, visibleThings } from './records/visible.ts';

/** What the API needs of the embedded authorization server. */
export interface EmbeddedServer {
  readonly store: Store;
  readonly publicUrl: string;
  /** With this very server: its issuer, its endpoints. */
  readonly exchange: Exchange;
  readonly feed: AuditFeed;
  readonly keys: KeySettings & { readonly publishedFor: number };
  /** The scopes that applications may have, those of other APIs included. Default: those of our own. */
  readonly catalogue?: ScopeCatalogue;
}

export interface ApiSchemaOptions
  extends Pick<
    GuardedSchemaOptions,
    'directives' | 'policies' | 'denial' | 'inputDepth' | 'hidesSchema' | 'onDenial' | 'onPolicyFault' | 'onWarning'
  > {
  /** The scopes there are; a rule that names another keeps the server from starting. */
  readonly catalogue: ScopeCatalogue;
  /** Adds accounts, applications, grants, audit events, `node` and the token mutations. Default: none of them, as with a foreign issuer. */
  readonly embedded?: EmbeddedServer;
  /** Adds the token mutations, for foreign issuers whose client we are. Default: none. */
  readonly connections?: Connections;
  /** The team's own modules. Default: none. */
  readonly modules?: readonly Module[];
  /** Whether accounts, applications and all else of the identity API are in the schema, and under which names. Default: under the usual ones. */
  readonly identityApi?: IdentityApi;
  /** Where administration, and what the API changes, is recorded. Default: nowhere. */
  readonly recorder?: AuditRecorder;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * The schema of the server, guarded, and what decides its operations.
 *
 * @throws StartError with every fault of the modules: clashes, root fields without a rule, unknown scopes
 */
export function createApiSchema({
  catalogue,
  embedded,
  connections,
  modules = [],
  identityApi = true,
  recorder,
  now = Date.now,
  ...options
}: ApiSchemaOptions): GuardedSchema {
  const offersIdentity = identityApi !== false;
  const names = ownNames(identityApi, {
    keepsNode: modules.some((module) => module.nodes !== undefined),
    hasRecords: embedded !== undefined,
  });
  const identity = embedded && identityOf(embedded, now);
  const records = offersIdentity && identity ? recordFinders(identity.visible, names) : new Map<string, FindNode>();
  const nodes = collectNodes(modules, new Set(records.keys()));
  const own = embedded && identity && { exchange: embedded.exchange, loaders: identity.loaders };
  const identityModules: OwnModule[] = [
    ...(offersIdentity ? [commonModule, viewerModule, scopesModule(catalogue)] : []),
    ...(records.size > 0 || nodes.given ? [nodeModule(records, nodes)] : []),
    ...(offersIdentity && embedded && identity
      ? recordModules(embedded, { ...identity, catalogue: embedded.catalogue ?? catalogue, names, recorder, now })
      : []),
  ];
  const directives = namesOf(options.directives);
  const tokens = own || connections ? [tokensModule({ ...(own && { own }), ...(connections && { connections }) })] : [];
  const guarded: GuardedSchemaOptions = {
    modules: [
      ...identityModules.map((module) => renamed(module, names, directives)),
      ...tokens.map((module) => renamed(module, usualOwnNames, directives)),
      ...modules,
    ],
    scopes: new Set(catalogue.keys()),
    check: nodes.faults,
    ...(nodes.given && { typeOf: typeOfNode(names, nodes) }),
    accountIdOf: (argument) => accountIdOf(names.type('Account'), argument),
    clock: now,
    ...(recorder && { prepare: (schema, rules) => recordAdministration(schema, rules, catalogue, recorder, names) }),
    ...options,
    // Last: no module can replace what decides who may see a record.
    policies: { ...options.policies, ...recordPolicies(names.recordOf) },
  };
  return withAdvice(identityApi, () => createGuardedSchema(guarded));
}

const commonModule: OwnModule = {
  name: 'claimgate',
  typeDefs: sdl('connection'),
  resolvers: { DateTime: dateTime },
};

/** How the identity API and the token mutations read what is stored. */
interface Identity {
  readonly loaders: IdentityLoaders;
  readonly visible: VisibleThings;
  readonly keyRecords: () => Promise<SigningKeyRecord[]>;
}

function identityOf({ store }: EmbeddedServer, now: () => number): Identity {
  const loaders = identityLoaders(store);
  const keyRecords = () => signingKeyRecords(store, now());
  return { loaders, keyRecords, visible: visibleThings(loaders, keyRecords) };
}

interface Surroundings extends Identity {
  readonly catalogue: ScopeCatalogue;
  readonly names: OwnNames;
  readonly recorder: AuditRecorder | undefined;
  readonly now: () => number;
}

/** Accounts, applications, grants, sign-in sessions, the audit trail and signing keys. */
function recordModules(
  { store, publicUrl, feed, keys }: EmbeddedServer,
  { keyRecords, ...surroundings }: Surroundings,
): OwnModule[] {
  const common = { store, ...surroundings };
  return [
    accountsModule(common),
    applicationsModule({ ...common, publicUrl }),
    auditModule({ ...common, feed }),
    grantsModule(common),
    signInSessionsModule(common),
    signingKeysModule({ ...common, records: keyRecords, settings: keys }),
  ];
}
