import {
  defaultFieldResolver,
  defaultTypeResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Policy } from '../../../auth/policies/policy.ts';
import { requirementsOf, type Rule } from '../../../auth/rules/rule.ts';
import { stranger } from '../callers/persona.ts';
import type { Ran, Request } from './endpoint.ts';
import { isPromiseLike } from '../../../auth/maybe-promise.ts';

/** One execution under way, in its context. */
export interface Run {
  readonly request: Request;
  readonly ran: Ran[];
}

const runKey = Symbol('claimgate attack');

/** Puts a run into the context of an execution. */
export function withRun(context: object, run: Run): object {
  return { ...context, [runKey]: run };
}

function runOf(context: unknown): Run | undefined {
  return typeof context === 'object' && context !== null ? (context as { [runKey]?: Run })[runKey] : undefined;
}

/** Makes policies that answer as the persona of the run says. */
export function recordedPolicies(rules: readonly string[]): Readonly<Record<string, Policy>> {
  return Object.fromEntries(
    rules.map((name): readonly [string, Policy] => [
      name,
      (requests, context) => requests.map(() => runOf(context)?.request.persona.grants.policies.has(name) ?? false),
    ]),
  );
}

/**
 * Replaces the resolvers of a schema, before it is guarded. A replaced resolver records that it ran, calls the original
 * one, and makes a value with the shape of the type if there is no value. Resolvers of mutations are not called.
 *
 * @param runMutations - whether the original resolvers of mutations are called
 */
export function placeRecorders(schema: GraphQLSchema, rules: readonly Rule[], runMutations: boolean): void {
  const owners = new Set(rules.flatMap((rule) => requirementsOf(rule).flatMap(({ owner }) => owner?.name ?? [])));
  const made = new WeakMap<object, string>();
  const mutation = schema.getMutationType();
  const subscription = schema.getSubscriptionType();

  function shaped(type: GraphQLOutputType, info: GraphQLResolveInfo, run: Run): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [shaped(nullable.ofType, info, run)];
    if (isEnumType(nullable)) return nullable.getValues()[0]?.value;
    if (isAbstractType(nullable) || isObjectType(nullable)) {
      const name = isObjectType(nullable)
        ? nullable.name
        : (wantedType(info, run) ?? schema.getPossibleTypes(nullable)[0]?.name ?? '');
      const value = { __typename: name };
      made.set(value, name);
      return value;
    }
    return leaf(nullable.name);
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInterfaceType(type) || isUnionType(type)) {
      const resolveType = type.resolveType ?? defaultTypeResolver;
      type.resolveType = (value, context, info, abstract) =>
        (typeof value === 'object' && value !== null ? made.get(value) : undefined) ??
        resolveType(value, context, info, abstract);
    }
    if (!isObjectType(type)) continue;
    const { isTypeOf } = type;
    if (isTypeOf) {
      type.isTypeOf = (value, context, info) =>
        (typeof value === 'object' && value !== null ? made.get(value) === type.name : false) ||
        isTypeOf(value, context, info);
    }
    for (const field of Object.values(type.getFields())) {
      const { subscribe } = field;
      const resolve = field.resolve ?? defaultFieldResolver;
      const mayCall = type !== mutation || runMutations;
      field.resolve = (parent, args, context, info) => {
        const run = runOf(context);
        if (!run) return resolve(parent, args, context, info);
        run.ran.push({ coordinate: `${type.name}.${field.name}`, path: keysOf(info) });
        const isOwner = owners.has(field.name);
        if (isOwner && run.request.persona.grants.owners.has(field.name)) return accountOf(run);
        const valueOf = (own: unknown): unknown => {
          if (isUsable(own) && wantedType(info, run) === undefined) return own;
          return isOwner ? stranger : shaped(field.type, info, run);
        };
        const own = mayCall ? called(() => resolve(parent, args, context, info)) : null;
        return own instanceof Promise ? own.then(valueOf) : valueOf(own);
      };
      if (type !== subscription) continue;
      field.subscribe = async function* (parent, args, context, info) {
        const run = runOf(context);
        if (!run && subscribe) {
          yield* (await subscribe(parent, args, context, info)) as AsyncIterable<unknown>;
          return;
        }
        run?.ran.push({ coordinate: `${type.name}.${field.name}`, path: keysOf(info) });
        yield {};
      };
    }
  }
}

/** Returns the object type that the attack wants at a field. `undefined`: any. */
function wantedType(info: GraphQLResolveInfo, { request: { target } }: Run): string | undefined {
  const depth = keysOf(info).length - 1;
  return target.route.hops[depth]?.narrow ?? target.concrete.get(depth);
}

function keysOf({ path }: GraphQLResolveInfo): readonly string[] {
  const keys: string[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) {
    if (typeof at.key === 'string') keys.unshift(at.key);
  }
  return keys;
}

function accountOf({ request: { persona } }: Run): string {
  return persona.principal.kind === 'anonymous' ? stranger : persona.principal.subject;
}

/** Calls a resolver. An error is no value. */
function called(resolve: () => unknown): unknown {
  try {
    const value = resolve();
    return isPromiseLike(value) ? Promise.resolve(value).catch(() => null) : value;
  } catch {
    return null;
  }
}

/** Whether a value of an author's resolver shows whether the place is reached. */
function isUsable(value: unknown): boolean {
  if (value === null || value === undefined || value instanceof Error) return false;
  return !Array.isArray(value) || value.some((item) => item !== null && item !== undefined);
}

function leaf(name: string): unknown {
  if (name === 'Int') return 1;
  if (name === 'Float') return 1.5;
  if (name === 'Boolean') return true;
  return 'attack';
}
