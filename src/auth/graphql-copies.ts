import {
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLUnionType,
} from 'graphql';

const classes: readonly (abstract new (...args: never) => object)[] = [
  GraphQLSchema,
  GraphQLScalarType,
  GraphQLObjectType,
  GraphQLInterfaceType,
  GraphQLUnionType,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLDirective,
];

/**
 * Returns the fault of an object that a second copy of graphql made. graphql-js recognizes an object by its class.
 * Therefore each copy recognizes only its own objects.
 *
 * @param what - names the object in the message
 * @param value - an object that this copy of graphql does not recognize
 */
export function foreignGraphqlFault(what: string, value: object): string {
  const theirs = fileOf(value.constructor) ?? 'a file that could not be found';
  const ours = fileOf(GraphQLSchema) ?? 'a file that could not be found';
  return `${what} was made by another copy of graphql (${theirs}); expected one of the copy that Claimgate uses (${ours}); keep one copy: \`npm ls graphql\` lists them`;
}

/** Whether a value is a schema, type or directive that a second copy of graphql made. */
export function isForeign(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const tag = Object.prototype.toString.call(value);
  return classes.some((one) => tag === `[object ${one.name}]` && !(value instanceof one));
}

/**
 * Finds the file that defines a class of graphql. JavaScript has no function for this. Therefore this function calls
 * the constructor without a configuration. The constructor throws an error whose stack names the file.
 */
export function fileOf(make: unknown): string | undefined {
  if (typeof make !== 'function') return undefined;
  try {
    Reflect.construct(make, [undefined]);
    return undefined;
  } catch (error) {
    const { stack } = error instanceof Error ? error : { stack: undefined };
    return /^\s+at .*?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^\n]*?):\d+:\d+\)?$/m.exec(stack ?? '')?.[1];
  }
}
