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
import { type DocumentOf, recordAdministration } from './administration.ts';
import { applicationsModule } from './subjects/applications.ts';
import { auditModule } from './subjects/audit.ts';
import { dateTime } from './date-time.ts';
import { storeExplainField } from './explain/field.ts';
import { explainModule } from './explain/module.ts';
import type { OperationPolicy } from './operation/steps.ts';
import { hasExplainFields } from './names/explain-fields.ts';
import { accountIdOfGlobalId } from './relay/global-id.ts';
import { grantsModule } from './subjects/grants.ts';
import { type IdentityLoaders, identityLoaders } from './request/loaders.ts';
import type { FindNode, Module } from './module.ts';
import { nodeModule, recordFinders, typeOfNode } from './subjects/node.ts';
import { collectNodes } from './nodes.ts';
import { withAdvice } from './names/clashes.ts';
import { type IdentityApi, type OwnNames, ownNames, defaultOwnNames } from './names/own-names.ts';
import { type OwnModule, renamed } from './names/rename.ts';
import { recordPolicies } from './records/records.ts';
import { schemaRulesModule } from './explain/schema-rules.ts';
import { scopesModule } from './subjects/scopes.ts';
import { sdl } from './sdl.ts';
import { signingKeysModule } from './subjects/signing-keys.ts';
import { type SigningKeyRecord, signingKeyRecords } from './subjects/signing-key-records.ts';
import { signInSessionsModule } from './subjects/sign-in-sessions.ts';
import { tokensModule } from './subjects/tokens.ts';
import { viewerModule } from './subjects/viewer.ts';
import { type VisibleRecords, visibleRecords } from './records/visible.ts';

/** The parts of the embedded authorization server that the API needs. */
export interface EmbeddedServer {
  readonly store: Store;
  readonly publicUrl: string;
  /** Gets tokens from this server's own authorization server. */
  readonly exchange: Exchange;
  readonly feed: AuditFeed;
  readonly keys: KeySettings & { readonly publishedForMs: number };
  /** The scopes that applications may have, including scopes of other APIs. Default: the scopes of this API. */
  readonly catalogue?: ScopeCatalogue;
}

/** The options of `createApiSchema`. */
export interface ApiSchemaOptions
  extends Pick<
    GuardedSchemaOptions,
    'directives' | 'policies' | 'denial' | 'inputDepth' | 'hidesSchema' | 'onDenial' | 'onPolicyFault' | 'onWarning'
  > {
  /** The scopes of this API. A rule that names another scope is a fault. */
  readonly catalogue: ScopeCatalogue;
  /**
   * Adds the token mutations for this server's own applications. Unless `identityApi` is false, also adds accounts,
   * applications, grants, sign-in sessions, audit events, signing keys and `node`. Default: not added, because the
   * authorization server is not embedded.
   */
  readonly embedded?: EmbeddedServer;
  /** Adds the token mutations for foreign issuers, of which this server is a client. Default: none. */
  readonly connections?: Connections;
  /** The team's own modules. Default: none. */
  readonly modules?: readonly Module[];
  /** Whether the schema has the identity API, and the prefix of its names. Default: true, without a prefix. */
  readonly identityApi?: IdentityApi;
  /**
   * The operator's settings for operations. With them, the schema has `explainOperation` and `schemaRules`, unless
   * introspection is off or the team's modules use these names (`hasExplainFields`). Default: the schema has neither field.
   */
  readonly operations?: OperationPolicy;
  /** Records administration and the changes that the API makes. Default: nothing is recorded. */
  readonly recorder?: AuditRecorder;
  /** Finds the trusted document of an operation, for the audit trail. Default: there are none. */
  readonly documentOf?: DocumentOf | undefined;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Changes the options of the guarded schema, for a schema that serves no requests. Default: they stay as they are. */
  readonly adapt?: ((options: GuardedSchemaOptions) => GuardedSchemaOptions) | undefined;
}

/**
 * Creates the guarded schema of the server from the server's own modules and the team's modules.
 *
 * @throws StartError with every fault of the modules: clashes, root fields without a rule, unknown scopes
 */
export function createApiSchema({
  catalogue,
  embedded,
  connections,
  modules = [],
  identityApi = true,
  operations,
  recorder,
  documentOf = () => undefined,
  now = Date.now,
  adapt = (unchanged) => unchanged,
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
    ...(records.size > 0 || nodes.present ? [nodeModule(records, nodes)] : []),
    ...(offersIdentity && embedded && identity
      ? recordModules(embedded, { ...identity, catalogue: embedded.catalogue ?? catalogue, names, recorder, now })
      : []),
  ];
  const directives = namesOf(options.directives);
  let made: GuardedSchema | undefined;
  const explain =
    operations && hasExplainFields(identityApi, modules) ? explainModule(operations, () => required(made)) : null;
  const rules = explain && operations && schemaRulesModule(operations, () => required(made), now);
  if (explain && rules) identityModules.push(explain, rules);
  const tokens = own || connections ? [tokensModule({ ...(own && { own }), ...(connections && { connections }) })] : [];
  const guarded: GuardedSchemaOptions = {
    modules: [
      ...identityModules.map((module) => renamed(module, names, directives)),
      ...tokens.map((module) => renamed(module, defaultOwnNames, directives)),
      ...modules,
    ],
    scopes: new Set(catalogue.keys()),
    check: nodes.faults,
    ...(nodes.present && { typeOf: typeOfNode(names, nodes) }),
    accountIdOf: (argument) => accountIdOfGlobalId(names.type('Account'), argument),
    clock: now,
    ...(recorder && {
      prepare: (schema, rules) => recordAdministration(schema, rules, catalogue, recorder, names, documentOf),
    }),
    ...options,
    // These policies decide which callers may see a record. They are last, because no option may replace them.
    policies: { ...options.policies, ...recordPolicies(names.recordOf) },
  };
  made = withAdvice(identityApi, () => createGuardedSchema(adapt(guarded)));
  if (explain) storeExplainField(made.schema, names.field('explainOperation'));
  return made;
}

/** Returns the schema. An operation runs only after the schema was made. */
function required(made: GuardedSchema | undefined): GuardedSchema {
  if (!made) throw new Error('The schema is not made yet');
  return made;
}

const commonModule: OwnModule = {
  name: 'claimgate',
  typeDefs: sdl('connection'),
  resolvers: { DateTime: dateTime },
};

/** The readers of stored records. The identity API uses all of them, the token mutations only `loaders`. */
interface Identity {
  readonly loaders: IdentityLoaders;
  readonly visible: VisibleRecords;
  readonly keyRecords: () => Promise<SigningKeyRecord[]>;
}

function identityOf({ store }: EmbeddedServer, now: () => number): Identity {
  const loaders = identityLoaders(store);
  const keyRecords = () => signingKeyRecords(store, now());
  return { loaders, keyRecords, visible: visibleRecords(loaders, keyRecords) };
}

interface Surroundings extends Identity {
  readonly catalogue: ScopeCatalogue;
  readonly names: OwnNames;
  readonly recorder: AuditRecorder | undefined;
  readonly now: () => number;
}

/** Returns the modules of accounts, applications, grants, sign-in sessions, the audit trail and signing keys. */
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
