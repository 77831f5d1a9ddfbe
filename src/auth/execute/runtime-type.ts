import { GraphQLError, type GraphQLAbstractType, type GraphQLObjectType, isObjectType } from 'graphql';
import { inspect } from './inspect.ts';
import type { FieldPosition, Run } from './run.ts';

/**
 * Finds the object type that `resolveType` named.
 *
 * @throws {GraphQLError} the error of graphql-js if this is not the name of a possible type
 */
export function runtimeTypeOf(
  run: Run,
  { field }: FieldPosition,
  abstractType: GraphQLAbstractType,
  value: unknown,
  name: unknown,
): GraphQLObjectType {
  const { schema } = run;
  const abstract = abstractType.name;
  const at = `${field.parentType.name}.${field.name}`;
  const nodes = (): { nodes: ReturnType<Run['nodesOf']> } => ({ nodes: run.nodesOf(field) });
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${abstract}" must resolve to an Object type at runtime for field "${at}". Either the "${abstract}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      nodes(),
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${abstract}" must resolve to an Object type at runtime for field "${at}" with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const type = schema.getType(name);
  if (type === undefined || type === null) {
    throw new GraphQLError(
      `Abstract type "${abstract}" was resolved to a type "${name}" that does not exist inside the schema.`,
      nodes(),
    );
  }
  if (!isObjectType(type)) {
    throw new GraphQLError(`Abstract type "${abstract}" was resolved to a non-object type "${name}".`, nodes());
  }
  if (!schema.isSubType(abstractType, type)) {
    throw new GraphQLError(`Runtime Object type "${type.name}" is not a possible type for "${abstract}".`, nodes());
  }
  return type;
}
