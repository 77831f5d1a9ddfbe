import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLIsTypeOfFn,
  type GraphQLResolveInfo,
  type GraphQLTypeResolver,
} from 'graphql';
import type { Choices } from './choices.ts';

/** How the author of an abstract type resolves the type of a value. `typeOf`: only by `isTypeOf` of the members. */
type Resolving = 'typename' | 'name' | 'promise' | 'default' | 'loop' | 'typeOf';

/** How the author of an object type recognises its values. */
type Telling = 'nothing' | 'boolean' | 'truthy' | 'promise' | 'truthyPromise';

/** How authors resolve types. All ways are legal in graphql-js, and each value has exactly one type. */
export interface Authors {
  /** Whether values carry a `__typename`. */
  readonly named: boolean;
  /** Whether values are instances of a class. */
  readonly instances: boolean;
  readonly resolving: Readonly<Record<string, Resolving>>;
  readonly telling: Readonly<Record<string, Telling>>;
}

type TypeResolver = GraphQLTypeResolver<unknown, unknown>;
type IsTypeOf = GraphQLIsTypeOfFn<unknown, unknown>;

export function makeAuthors(choose: Choices): Authors {
  const named = !choose.rarely(3);
  const tell = (): Telling =>
    choose.rarely(2) ? choose.one<Telling>(['boolean', 'truthy', 'promise', 'truthyPromise']) : 'nothing';
  const telling = { A: tell(), B: tell(), C: tell() };
  const allTell = Object.values(telling).every((way) => way !== 'nothing');
  const resolve = (): Resolving => {
    const way = choose.rarely(2) ? choose.one<Resolving>(['name', 'promise', 'default', 'loop', 'typeOf']) : 'typename';
    // If no function named the type of a value, the schema would have an author's mistake.
    if (way === 'typename' && !named) return 'name';
    return way === 'typeOf' && !named && !allTell ? 'default' : way;
  };
  return { named, instances: choose.rarely(4), telling, resolving: { I: resolve(), J: resolve(), U: resolve() } };
}

/** The authors' functions by type, as a resolver map has them. */
export function typeResolvers({ resolving, telling }: Authors) {
  const ofAbstract = Object.entries(resolving).flatMap(([type, way]) => {
    const resolveType = typeResolver(way);
    return resolveType ? [[type, { __resolveType: resolveType }] as const] : [];
  });
  const ofObjects = Object.entries(telling).flatMap(([type, way]) => {
    const isTypeOf = teller(type, way);
    return isTypeOf ? [[type, { __isTypeOf: isTypeOf }] as const] : [];
  });
  return Object.fromEntries<{ __resolveType?: TypeResolver; __isTypeOf?: IsTypeOf }>([...ofAbstract, ...ofObjects]);
}

/** The type of a value. */
export function kindOf(value: unknown): string {
  return String((value as { readonly kind?: unknown }).kind);
}

function teller(type: string, way: Telling): IsTypeOf | undefined {
  const is = (value: unknown) => kindOf(value) === type;
  const truthy = (value: unknown) => (is(value) ? 'yes' : '') as unknown as boolean;
  const ways: Readonly<Record<Telling, IsTypeOf | undefined>> = {
    nothing: undefined,
    boolean: is,
    truthy,
    promise: async (value) => is(value),
    truthyPromise: async (value) => truthy(value),
  };
  return ways[way];
}

function typeResolver(way: Resolving): TypeResolver | undefined {
  const ways: Readonly<Record<Resolving, TypeResolver | undefined>> = {
    typename: undefined,
    typeOf: undefined,
    name: kindOf,
    promise: async (value) => kindOf(value),
    default: (value, context, info, type) => {
      const found = defaultTypeResolver(value, context, info, type);
      // `found` has no name if no type has an `isTypeOf`.
      if (found instanceof Promise) return found.then((name) => name ?? kindOf(value));
      return found ?? kindOf(value);
    },
    loop: loopOver,
  };
  return ways[way];
}

function loopOver(value: unknown, context: unknown, info: GraphQLResolveInfo, type: GraphQLAbstractType) {
  const possible = info.schema.getPossibleTypes(type);
  const answers = possible.map(({ name, isTypeOf }) => ({ name, is: isTypeOf?.(value, context, info) }));
  if (!answers.some(({ is }) => is instanceof Promise))
    return answers.find(({ is }) => Boolean(is))?.name ?? kindOf(value);
  return Promise.all(answers.map(async ({ name, is }) => ((await is) ? [name] : []))).then(
    (names) => names.flat()[0] ?? kindOf(value),
  );
}
