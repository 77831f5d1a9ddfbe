import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  type ExecutionResult,
  graphql,
  type GraphQLError,
  type GraphQLFormattedError,
  parse,
  validate,
  specifiedRules,
} from 'graphql';
import type { ApiContext } from '../../src/api/request/context.ts';
import type { Module } from '../../src/api/module.ts';
import type { IdentityApi } from '../../src/api/names/own-names.ts';
import { defaultLimits } from '../../src/api/limits/limits.ts';
import {
  formatError,
  type OperationPolicy,
  type OperationSteps,
  operationSteps,
} from '../../src/api/operation/operation.ts';
import { createApiSchema } from '../../src/api/schema.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import type { OperationRequest } from '../../src/auth/guarded-schema.ts';
import { ClaimgateError } from '../../src/errors.ts';
import { databaseNamed, type DatabaseKind } from '../support/databases.ts';
import type { DirectiveNames } from '../../src/auth/directive-names.ts';
import type { Exchange } from '../../src/exchange/own/exchange.ts';
import { oauthError } from '../../src/exchange/oauth-error.ts';
import { createAuditFeed } from '../../src/audit/feed.ts';
import { createAuditRecorder } from '../../src/audit/recorder.ts';
import { createAccount } from '../../src/identity/accounts/accounts.ts';
import type { Registration } from '../../src/identity/applications/application.ts';
import { registerApplication } from '../../src/identity/applications/applications.ts';
import { saveGrant } from '../../src/identity/grants/grants.ts';
import { shippedScopes } from '../../src/identity/grants/scopes.ts';
import type { Store } from '../../src/identity/store.ts';
import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';
import { openDatabase } from '../../src/store/database.ts';

/** An exchange that refuses every request. */
export const noExchange: Exchange = {
  exchangeAuthorizationCode: () => Promise.resolve({ ok: false, error: oauthError('server_error') }),
  refreshAccessToken: () => Promise.resolve({ ok: false, error: oauthError('server_error') }),
  revokeToken: () => Promise.resolve({ ok: false, error: oauthError('server_error') }),
};

export const catalogue = new Map(Object.entries(shippedScopes));

export interface Answer {
  readonly data: any;
  readonly errors: readonly GraphQLFormattedError[];
}

/**
 * Signing keys use the default algorithm, are stored without encryption, and are published one minute before they sign.
 */
export const keySettings = { algorithm: 'ES256', sealer: null, retiredForMs: 900_000, publishedForMs: 60_000 } as const;

/** The policy of a server without configuration. */
export const policy: OperationPolicy = { limits: defaultLimits, introspection: 'open' };

/** A schema without guarded fields, for tests of the other steps. */
const open = createGuardedSchema({ modules: [{ name: 'open', typeDefs: 'type Query { open: Int @public }' }] });

/** Returns the steps that answer one operation, without the rules of any schema. */
export function stepsOf(policy: OperationPolicy): OperationSteps {
  return operationSteps('single', policy, open);
}

/** Returns the error with which the checks before the plan refuse an operation; `null` if the checks pass. */
export function refusalOf(operation: OperationRequest, policy: OperationPolicy): ClaimgateError | null {
  const { checks } = stepsOf(policy);
  try {
    for (const { check } of checks.slice(0, -1)) check(operation);
    return null;
  } catch (error) {
    assert.ok(error instanceof ClaimgateError);
    return error;
  }
}

/** Opens the API on a new database, which is deleted after the test. */
export async function openApi(
  test: TestContext,
  options: {
    readonly exchange?: Exchange;
    readonly modules?: readonly Module[];
    readonly identityApi?: IdentityApi;
    readonly directives?: DirectiveNames;
    /** With it, the schema has `explainOperation`. */
    readonly operations?: OperationPolicy;
    /** Default: an SQLite file. */
    readonly database?: DatabaseKind;
  } = {},
) {
  const database = await (options.database ?? databaseNamed('SQLite')).create();
  const statements: string[] = [];
  const store = await openDatabase(database.url, { onStatement: (sql) => statements.push(sql) });
  test.after(async () => {
    await store.destroy();
    await database.drop();
  });
  const clock = { now: Date.UTC(2025, 0, 31, 12) };
  const onFault = (error: unknown) => {
    throw error;
  };
  // A test calls these functions in place of a timer that runs them every second.
  const everySecond = new Set<() => void>();
  const feed = createAuditFeed({
    store,
    everySecond: (work) => {
      everySecond.add(work);
      return () => everySecond.delete(work);
    },
    onFault,
  });
  const recorder = createAuditRecorder({ store, now: () => clock.now, onWritten: feed.wake, onFault });
  const guarded = createApiSchema({
    catalogue,
    embedded: {
      publicUrl: 'https://auth.example.com',
      store,
      exchange: options.exchange ?? noExchange,
      feed,
      keys: keySettings,
    },
    modules: options.modules ?? [],
    ...(options.directives && { directives: options.directives }),
    ...(options.operations && { operations: options.operations }),
    ...(options.identityApi !== undefined && { identityApi: options.identityApi }),
    recorder,
    onDenial: recorder.denied,
    now: () => clock.now,
  });

  const { schema } = guarded;

  /** Works like a transport: parses, validates with our rules, executes, and formats errors. */
  async function ask(principal: Principal, source: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    statements.length = 0;
    const context: ApiContext = { principal, address: '192.0.2.1' };
    let result: ExecutionResult;
    try {
      const errors = validate(schema, parse(source), [...specifiedRules, ...stepsOf(policy).validationRules]);
      result =
        errors.length > 0
          ? { errors }
          : await graphql({ schema, source, contextValue: context, variableValues: variables });
    } catch (error) {
      result = { errors: [error as GraphQLError] };
    }
    const errors = (result.errors ?? []).map((error) => formatError(error.toJSON(), error));
    // JSON removes the null prototypes that graphql-js gives to objects, like a transport does.
    return JSON.parse(JSON.stringify({ data: result.data ?? null, errors }));
  }

  return { store, guarded, schema, statements, clock, ask, recorder, feed, everySecond };
}

export function person(accountId: string | null, ...scopes: string[]): Principal {
  return makePrincipal({ kind: 'account', accountId, ...token(accountId ?? 'someone', 'app', scopes) });
}

export function applicationAlone(...scopes: string[]): Principal {
  return makePrincipal({ kind: 'application', ...token('app', 'app', scopes) });
}

export const nobody = anonymous;

function token(subject: string, clientId: string, scopes: readonly string[]) {
  return {
    issuer: 'https://issuer.example',
    subject,
    clientId,
    scopes: new Set(scopes),
    expiresAt: Date.UTC(2025, 0, 31, 13) / 1000,
    claims: {},
  };
}

export function addAccount(store: Store, email: string, ...roles: string[]) {
  return createAccount(store, { email, passwordHash: 'none', roles }, 1000);
}

export async function addApplication(store: Store, fields: Partial<Registration> & { createdAt?: number } = {}) {
  const { createdAt = 1000, ...rest } = fields;
  const { application } = await registerApplication(
    store,
    {
      name: 'Example',
      tokenEndpointAuthMethod: 'none',
      applicationType: 'web',
      redirectUris: ['https://app.example/callback'],
      scopes: ['profile'],
      registeredBy: null,
      ...rest,
    },
    createdAt,
  );
  return application;
}

export async function addGrant(store: Store, id: string, accountId: string, applicationId: string, createdAt = 1000) {
  const grant = { id, accountId, applicationId, scopes: ['profile'], payload: {}, expiresAt: createdAt + 1_000_000 };
  await saveGrant(store, grant, createdAt);
}

/** Returns the code of each error, in order. */
export function codesOf({ errors }: Answer): unknown[] {
  return errors.map((error) => error.extensions?.['code']);
}
