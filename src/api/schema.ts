import { createGuardedSchema, type GuardedSchema, type GuardedSchemaOptions } from '../auth/schema.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { AuditFeed } from '../identity/audit-feed.ts';
import type { AuditRecorder } from '../identity/audit-recorder.ts';
import type { ScopeCatalogue } from '../identity/scopes.ts';
import type { Store } from '../identity/store.ts';
import { accountsModule } from './accounts.ts';
import { recordAdministration } from './administration.ts';
import { applicationsModule } from './applications.ts';
import { auditModule } from './audit.ts';
import { dateTime } from './date-time.ts';
import { accountIdOf } from './global-id.ts';
import { grantsModule } from './grants.ts';
import { identityLoaders } from './loaders.ts';
import { defineModule, type Module } from './module.ts';
import { nodeModule } from './node.ts';
import { scopesModule } from './scopes.ts';
import { sdl } from './sdl.ts';
import { tokensModule } from './tokens.ts';
import { viewerModule } from './viewer.ts';
import { visibleThings } from './visible.ts';

/** What the API needs of the embedded authorization server. */
export interface EmbeddedServer {
  readonly store: Store;
  /** With this very server: its issuer, its endpoints. */
  readonly exchange: Exchange;
  readonly feed: AuditFeed;
}

export interface ApiSchemaOptions
  extends Pick<GuardedSchemaOptions, 'policies' | 'denial' | 'onDenial' | 'onPolicyFault' | 'onWarning'> {
  /** The scopes there are; a rule that names another keeps the server from starting. */
  readonly catalogue: ScopeCatalogue;
  /** Adds accounts, applications, grants, audit events, `node` and the token mutations. Default: none of them, as with a foreign issuer. */
  readonly embedded?: EmbeddedServer;
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
  modules = [],
  recorder,
  now = Date.now,
  ...options
}: ApiSchemaOptions): GuardedSchema {
  return createGuardedSchema({
    modules: [
      defineModule({ name: 'claimgate', typeDefs: sdl('connection'), resolvers: { DateTime: dateTime } }),
      viewerModule,
      scopesModule(catalogue),
      ...(embedded ? embeddedModules(embedded, { catalogue, recorder, now }) : []),
      ...modules,
    ],
    scopes: new Set(catalogue.keys()),
    accountIdOf,
    clock: now,
    ...(recorder && { prepare: (schema, rules) => recordAdministration(schema, rules, catalogue, recorder) }),
    ...options,
  });
}

interface Surroundings {
  readonly catalogue: ScopeCatalogue;
  readonly recorder: AuditRecorder | undefined;
  readonly now: () => number;
}

function embeddedModules(
  { store, exchange, feed }: EmbeddedServer,
  { catalogue, recorder, now }: Surroundings,
): Module[] {
  const loaders = identityLoaders(store);
  const visible = visibleThings(loaders);
  const common = { store, catalogue, loaders, visible, recorder, now };
  return [
    nodeModule(visible, recorder),
    accountsModule(common),
    applicationsModule(common),
    auditModule({ store, feed, loaders }),
    grantsModule({ store, loaders, recorder, now }),
    tokensModule({ exchange, loaders }),
  ];
}
