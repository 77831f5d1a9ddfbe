import { createGuardedSchema, type GuardedSchema, type GuardedSchemaOptions } from '../auth/schema.ts';
import type { Connections } from '../exchange/connections.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { AuditFeed } from '../audit/feed.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { KeySettings } from '../identity/keys/rotation.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import type { Store } from '../identity/store.ts';
import { accountsModule } from './accounts.ts';
import { recordAdministration } from './administration.ts';
import { applicationsModule } from './applications.ts';
import { auditModule } from './audit.ts';
import { dateTime } from './date-time.ts';
import { accountIdOf } from './global-id.ts';
import { grantsModule } from './grants.ts';
import { type IdentityLoaders, identityLoaders } from './loaders.ts';
import { defineModule, type FindNode, type Module } from './module.ts';
import { nodeModule, recordFinders } from './node.ts';
import { collectNodes } from './nodes.ts';
import { recordPolicies } from './records.ts';
import { scopesModule } from './scopes.ts';
import { sdl } from './sdl.ts';
import { signingKeysModule } from './signing-keys.ts';
import { type SigningKeyRecord, signingKeyRecords } from './signing-key-records.ts';
import { signInSessionsModule } from './sign-in-sessions.ts';
import { tokensModule } from './tokens.ts';
import { viewerModule } from './viewer.ts';
import { type VisibleThings, visibleThings } from './visible.ts';

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
    'policies' | 'denial' | 'inputDepth' | 'hidesSchema' | 'onDenial' | 'onPolicyFault' | 'onWarning'
  > {
  /** The scopes there are; a rule that names another keeps the server from starting. */
  readonly catalogue: ScopeCatalogue;
  /** Adds accounts, applications, grants, audit events, `node` and the token mutations. Default: none of them, as with a foreign issuer. */
  readonly embedded?: EmbeddedServer;
  /** Adds the token mutations, for foreign issuers whose client we are. Default: none. */
  readonly connections?: Connections;
  /** The team's own modules. Default: none. */
  readonly modules?: readonly Module[];
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
  recorder,
  now = Date.now,
  ...options
}: ApiSchemaOptions): GuardedSchema {
  const identity = embedded && identityOf(embedded, now);
  const nodes = collectNodes(modules, new Set(identity?.records.keys()));
  const own = embedded && identity && { exchange: embedded.exchange, loaders: identity.loaders };
  return createGuardedSchema({
    modules: [
      defineModule({ name: 'claimgate', typeDefs: sdl('connection'), resolvers: { DateTime: dateTime } }),
      viewerModule,
      scopesModule(catalogue),
      ...(identity || nodes.given ? [nodeModule(identity?.records ?? new Map<string, FindNode>(), nodes)] : []),
      ...(embedded && identity
        ? identityModules(embedded, { ...identity, catalogue: embedded.catalogue ?? catalogue, recorder, now })
        : []),
      ...(own || connections ? [tokensModule({ ...(own && { own }), ...(connections && { connections }) })] : []),
      ...modules,
    ],
    scopes: new Set(catalogue.keys()),
    check: nodes.faults,
    accountIdOf,
    clock: now,
    ...(recorder && { prepare: (schema, rules) => recordAdministration(schema, rules, catalogue, recorder) }),
    ...options,
    // Last: no module can replace what decides who may see a record.
    policies: { ...options.policies, ...recordPolicies },
  });
}

/** How the identity API reads what is its own. */
interface Identity {
  readonly loaders: IdentityLoaders;
  readonly visible: VisibleThings;
  readonly keyRecords: () => Promise<SigningKeyRecord[]>;
  /** By type. */
  readonly records: ReadonlyMap<string, FindNode>;
}

function identityOf({ store }: EmbeddedServer, now: () => number): Identity {
  const loaders = identityLoaders(store);
  const keyRecords = () => signingKeyRecords(store, now());
  const visible = visibleThings(loaders, keyRecords);
  return { loaders, keyRecords, visible, records: recordFinders(visible) };
}

interface Surroundings extends Identity {
  readonly catalogue: ScopeCatalogue;
  readonly recorder: AuditRecorder | undefined;
  readonly now: () => number;
}

function identityModules(
  { store, publicUrl, feed, keys }: EmbeddedServer,
  { catalogue, loaders, visible, keyRecords, recorder, now }: Surroundings,
): Module[] {
  const common = { store, catalogue, loaders, visible, recorder, now };
  return [
    accountsModule(common),
    applicationsModule({ ...common, publicUrl }),
    auditModule({ store, feed, loaders }),
    grantsModule({ store, loaders, recorder, now }),
    signInSessionsModule({ store, loaders, recorder, now }),
    signingKeysModule({ store, records: keyRecords, settings: keys, recorder, now }),
  ];
}
