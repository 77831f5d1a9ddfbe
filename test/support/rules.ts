import { graphql } from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import type { GuardedSchema, GuardedModulesOptions } from '../../src/auth/guarded-schema.ts';
import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';

/** Returns the principal of a person with these scopes and claims. The account is `alice` by default. */
export function person(
  scopes = '',
  claims: Record<string, unknown> = {},
  accountId: string | null = 'alice',
): Principal {
  return makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: 'alice',
    clientId: 'web',
    accountId,
    scopes: new Set(scopes.split(' ').filter(Boolean)),
    expiresAt: 4_102_444_800,
    claims,
  });
}

export type Options = Omit<GuardedModulesOptions, 'modules'> &
  Pick<GuardedModulesOptions['modules'][number], 'resolvers'>;

/** Makes a guarded schema from one module. */
export function guardOne(typeDefs: string, { resolvers = {}, ...options }: Options = {}): GuardedSchema {
  return createGuardedSchema({ modules: [{ name: 'one', typeDefs, resolvers }], ...options });
}

/** The result of an operation, with the code and path of each error. */
export interface Answer {
  readonly data: unknown;
  readonly errors: readonly (readonly [code: unknown, path: string])[];
}

/** Executes a document directly, without a transport and without a plan. */
export async function ask(
  { schema }: GuardedSchema,
  source: string,
  principal: Principal = anonymous,
  variableValues: Record<string, unknown> = {},
): Promise<Answer> {
  const { data, errors = [] } = await graphql({ schema, source, contextValue: { principal }, variableValues });
  return {
    data: data === undefined ? undefined : JSON.parse(JSON.stringify(data)),
    errors: errors.map((error) => [error.extensions['code'] ?? error.message, (error.path ?? []).join('.')] as const),
  };
}

/** Returns the only error of a denial at a path. */
export const denied = (path: string, code = 'FORBIDDEN'): Answer['errors'] => [[code, path]];
