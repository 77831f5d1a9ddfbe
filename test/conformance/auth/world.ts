import { type GraphQLFieldResolver, Kind, parse } from 'graphql';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import type { GuardedSchema, GuardedModulesOptions } from '../../../src/auth/guarded-schema.ts';
import { executable, type GivenWay } from '../../support/given.ts';
import { sdl } from './world.sdl.ts';
import { values } from './world.values.ts';

/** The server's current time, in seconds since the epoch. */
export const now = 1_800_000_000;

/** The table's schema, and a record of what its resolvers and policies did. */
export interface World {
  readonly guarded: GuardedSchema;
  /** Coordinates of the resolvers that ran since the test last cleared this list, in order. */
  readonly runs: string[];
  /** The number of requests in each policy call since the test last cleared this list. */
  readonly asked: { readonly policy: string; readonly size: number }[];
}

/**
 * Makes the schema. Every field has a resolver that records its run.
 * @param way - how the schema is given. Default: as modules
 */
export function makeWorld(
  options: Pick<GuardedModulesOptions, 'denial' | 'inputDepth'> = {},
  way: GivenWay | 'modules' = 'modules',
): World {
  const runs: string[] = [];
  const asked: World['asked'] = [];
  const modules = Object.entries(sdl).map(([name, typeDefs]) => ({
    name,
    typeDefs,
    resolvers: resolversOf(typeDefs, runs),
  }));
  const policy =
    (policy: string, answer: (requests: readonly { readonly args: Readonly<Record<string, unknown>> }[]) => unknown) =>
    (requests: readonly { readonly args: Readonly<Record<string, unknown>> }[]) => {
      asked.push({ policy, size: requests.length });
      // A policy of another author may answer with any value.
      return answer(requests) as readonly boolean[];
    };
  const guarded = createGuardedSchema({
    ...(way === 'modules' ? { modules } : { schema: executable(modules, way) }),
    ...options,
    clock: () => now * 1000,
    policyTimeoutSeconds: 0.03,
    policies: {
      even: policy('even', (requests) => requests.map(({ args }) => Number(args['n']) % 2 === 0)),
      always: policy('always', (requests) => requests.map(() => true)),
      never: policy('never', (requests) => requests.map(() => false)),
      truthy: policy('truthy', (requests) => requests.map(() => 'yes')),
      throws: policy('throws', () => {
        throw new Error('a policy that broke');
      }),
      rejects: policy('rejects', () => Promise.reject(new Error('a policy that broke later'))),
      hangs: policy('hangs', () => new Promise(() => {})),
      short: policy('short', () => []),
      long: policy('long', (requests) => [...requests.map(() => true), true]),
      nothing: policy('nothing', () => undefined),
    },
  });
  return { guarded, runs, asked };
}

function resolversOf(typeDefs: string, runs: string[]): Record<string, Record<string, unknown>> {
  const resolvers: Record<string, Record<string, unknown>> = {};
  for (const node of parse(typeDefs).definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    const type = node.name.value;
    const fields = (resolvers[type] ??= {});
    for (const { name } of node.fields ?? []) {
      const resolve = noted(runs, `${type}.${name.value}`);
      fields[name.value] = type === 'Subscription' ? { subscribe: streamed(resolve), resolve } : resolve;
    }
  }
  return resolvers;
}

function noted(runs: string[], coordinate: string): GraphQLFieldResolver<any, unknown> {
  return (source, args, _context, info) => {
    runs.push(coordinate);
    // Mercurius has an empty object as root value.
    const isRoot = Object.keys(source ?? {}).length === 0;
    const value = (isRoot ? values : source)[info.fieldName];
    return typeof value === 'function' ? value(args) : value;
  };
}

/** Yields two events. Each is the root value of its own execution. */
function streamed(resolve: GraphQLFieldResolver<any, unknown>): GraphQLFieldResolver<unknown, unknown> {
  return (_source, args, context, info) => {
    resolve(undefined, args, context, info);
    return (async function* () {
      yield values;
      yield values;
    })();
  };
}
