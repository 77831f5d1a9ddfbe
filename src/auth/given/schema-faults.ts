import {
  GraphQLSchema,
  isDirective,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { isGuarded } from '../guarded-mark.ts';
import { foreignGraphqlFault, isForeign } from '../graphql-copies.ts';
import { isRecord } from '../../protocol/record.ts';

/** Finds faults of the option `schema`. Each line describes the value that was found. */
export function* schemaFaults(schema: unknown): Iterable<string> {
  if (isForeign(schema)) yield foreignGraphqlFault('schema', schema);
  else if (!(schema instanceof GraphQLSchema)) yield `schema: expected an executable GraphQLSchema; ${foundAs(schema)}`;
  else if (isGuarded(schema)) {
    yield 'schema: is guarded by Claimgate already, or was made from a guarded schema; give the schema that it was made from';
  } else {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isKnown(type, typePredicates)) yield foreignGraphqlFault(`schema: the type ${type.name}`, type);
    }
    for (const directive of schema.getDirectives()) {
      if (!isKnown(directive, [isDirective])) {
        yield foreignGraphqlFault(`schema: the directive @${directive.name}`, directive);
      }
    }
  }
}

const typePredicates: readonly ((type: unknown) => boolean)[] = [
  isScalarType,
  isObjectType,
  isInterfaceType,
  isUnionType,
  isEnumType,
  isInputObjectType,
];

/**
 * Whether this copy of graphql recognizes an object. For an object of another copy, graphql-js throws an error, unless
 * `NODE_ENV=production`.
 */
function isKnown(value: unknown, predicates: readonly ((value: unknown) => boolean)[]): boolean {
  try {
    return predicates.some((is) => is(value));
  } catch {
    return false;
  }
}

/** Describes the value that was found. If possible, the text says how to get a schema from it. */
function foundAs(value: unknown): string {
  if (typeof value === 'function') return 'found a function: call it, and give what it returns';
  if (value instanceof Promise) return 'found a promise: await it, and give what it resolves to';
  if (typeof value === 'string')
    return 'found a string: give SDL as a module, with modules: [{ name, typeDefs, resolvers }]';
  if (!isRecord(value)) return `found ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`;
  if (value['kind'] === 'Document') {
    return 'found a document: give SDL as a module, with modules: [{ name, typeDefs, resolvers }]';
  }
  if (value['schema'] instanceof GraphQLSchema) return 'found an object that has a schema: give its member schema';
  if (typeof value['toSchema'] === 'function') return 'found a schema builder: give what its toSchema() returns';
  return 'found an object of another shape';
}
