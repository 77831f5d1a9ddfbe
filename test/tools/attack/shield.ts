import { createRequire } from 'node:module';
import type { GraphQLSchema } from 'graphql';
import { isRecord } from '../../../src/protocol/record.ts';
import type { Principal } from '../../../src/principal.ts';

/** A rule for a field: whether it lets in a caller. */
export type Check = (principal: Principal) => boolean;

interface Middleware {
  readonly applyMiddleware: (schema: GraphQLSchema, ...middleware: readonly unknown[]) => GraphQLSchema;
}
type Resolve = (parent: unknown, args: unknown, context: unknown) => boolean;
interface Shield {
  readonly rule: (options: { readonly cache: 'no_cache' }) => (resolve: Resolve) => unknown;
  readonly shield: (
    rules: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    options: { readonly allowExternalErrors: boolean },
  ) => unknown;
}

const require = createRequire(import.meta.url);
// graphql-shield 7.6.5 uses a function that Node.js 23 removed.
Object.assign(require('node:util') as object, { isUndefined: (value: unknown) => value === undefined });
const { applyMiddleware } = require('graphql-middleware') as Middleware;
const { rule, shield } = require('graphql-shield') as Shield;

/** Guards a schema with graphql-shield. `*` is every field of a type. */
export function shielded(
  schema: GraphQLSchema,
  tree: Readonly<Record<string, Readonly<Record<string, Check>>>>,
): GraphQLSchema {
  const asRule = (check: Check) =>
    rule({ cache: 'no_cache' })((_parent, _args, context) =>
      isRecord(context) ? check(context['principal'] as Principal) : false,
    );
  const rules = Object.fromEntries(
    Object.entries(tree).map(([type, fields]) => [
      type,
      Object.fromEntries(Object.entries(fields).map(([field, check]) => [field, asRule(check)])),
    ]),
  );
  return applyMiddleware(schema, shield(rules, { allowExternalErrors: true }));
}
