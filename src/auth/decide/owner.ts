import {
  BREAK,
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql';
import { closedThen, type MaybePromise } from '../maybe-promise.ts';

/** An object, and the name of its type. */
export interface OwnedObject {
  readonly value: unknown;
  readonly type: string;
  readonly context: unknown;
  readonly info: GraphQLResolveInfo;
}

/**
 * Reads the field that names the owner of an object, even if the document does not select this field. The value is
 * stored for the execution, unless the object is a primitive value.
 */
export type ReadOwner = (object: OwnedObject, field: string) => unknown;

/** The resolvers of the fields of object types without the guard, by coordinate. */
export type OriginalResolvers = ReadonlyMap<string, GraphQLFieldResolver<unknown, unknown>>;

/** Returns the resolvers of a schema, by coordinate. Call it before the schema is guarded. */
export function resolversOf(schema: GraphQLSchema): OriginalResolvers {
  const resolvers = new Map<string, GraphQLFieldResolver<unknown, unknown>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      resolvers.set(`${type.name}.${field.name}`, field.resolve ?? defaultFieldResolver);
    }
  }
  return resolvers;
}

/** Makes the reader of owners for one execution. */
export function createReadOwner(resolvers: OriginalResolvers): ReadOwner {
  const known = new WeakMap<object, Map<string, unknown>>();
  const aliased = new Map<string, boolean>();

  function read({ value, type, context, info }: OwnedObject, field: string): unknown {
    if (isResponse(value)) {
      // The document is searched one time for each name, because a list can have many objects.
      const isAliased = aliased.get(field) ?? isAlias(field, info);
      aliased.set(field, isAliased);
      if (isAliased) return undefined;
    }
    const resolve = resolvers.get(`${type}.${field}`);
    const parentType = info.schema.getType(type);
    const definition =
      isObjectType(parentType) || isInterfaceType(parentType) ? parentType.getFields()[field] : undefined;
    if (!resolve || !definition || !isObjectType(parentType)) return undefined;
    return resolve(value, {}, context, {
      ...info,
      fieldName: field,
      fieldNodes: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: field } }],
      parentType,
      returnType: definition.type,
      path: { prev: info.path.prev, key: field, typename: type },
    });
  }

  return (object, field) => {
    if (typeof object.value !== 'object' || object.value === null) return read(object, field);
    const fields = known.get(object.value) ?? new Map<string, unknown>();
    known.set(object.value, fields);
    const key = `${object.type}.${field}`;
    if (!fields.has(key)) fields.set(key, read(object, field));
    return fields.get(key);
  };
}

/**
 * Whether a value is the answer of another schema, from the delegation of graphql-tools (`wrapSchema`, `stitchSchemas`).
 * Its members have the response keys of the operation. Therefore the caller can choose them with aliases.
 */
function isResponse(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getOwnPropertySymbols(value).some(({ description }) => delegationMarks.has(description ?? ''));
}

/** The names of the symbols in the objects of `@graphql-tools/delegate`. Some versions do not register the symbols. */
const delegationMarks: ReadonlySet<string> = new Set(['subschemaErrors', 'initialSubschema']);

/** Whether the document gives another field this name by an alias. */
function isAlias(name: string, { operation, fragments }: GraphQLResolveInfo): boolean {
  let found = false;
  for (const definition of [operation, ...Object.values(fragments)]) {
    visit(definition, {
      Field(node) {
        if (node.alias?.value !== name || node.name.value === name) return undefined;
        found = true;
        return BREAK;
      },
    });
    if (found) return true;
  }
  return false;
}

/**
 * Whether a value equals the account ID. If the value is a promise, its result is compared. `false` if the promise
 * rejects.
 */
export function isAccount(value: unknown, account: string): MaybePromise<boolean> {
  return closedThen(value, (owner) => typeof owner === 'string' && owner === account, false);
}
