import {
  GraphQLDirective,
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  type GraphQLType,
  GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  specifiedDirectives,
  specifiedScalarTypes,
} from 'graphql';
import { StartError } from '../../errors.ts';
import { isRecord, mapValues } from '../../protocol/record.ts';
import { type Member, membersOf } from './directed.ts';

/**
 * Makes a copy of a schema. A change of the copy does not change the original. Both schemas share the scalars and
 * directives that GraphQL defines, and the introspection types. They also share functions, default values, internal
 * values and nodes of the SDL. The copy must not change the shared objects.
 *
 * Does not check that the schema is valid.
 *
 * @throws {StartError} if an element refers to a type that is not the schema's type with this name
 */
export function copySchema(schema: GraphQLSchema): GraphQLSchema {
  const originals = schema.getTypeMap();
  const copies = new Map(Object.values(originals).map((type) => [type.name, copyType(type)]));

  /** Returns the copy of a named type. */
  function copyOf<T extends GraphQLNamedType>(type: T): T {
    const copy = copies.get(type.name);
    if (!copy || originals[type.name] !== type) {
      throw new StartError([
        `schema: refers to a type ${type.name} that is not the type of that name in the schema; build the schema again after its types were changed`,
      ]);
    }
    return copy as T; // A copy has the class of its original.
  }

  /** Returns the type with a copy of its named type inside. */
  function within<T extends GraphQLType>(type: T): T {
    if (isListType(type)) return new GraphQLList(within(type.ofType)) as GraphQLType as T;
    if (isNonNullType(type)) return new GraphQLNonNull(within(type.ofType)) as GraphQLType as T;
    return copyOf(type as GraphQLNamedType) as GraphQLType as T;
  }

  function argumentsWithin(args: GraphQLFieldConfigArgumentMap | undefined): GraphQLFieldConfigArgumentMap {
    return mapValues(args ?? {}, (argument) => ({ ...argument, type: within(argument.type) }));
  }

  function fieldsWithin(fields: GraphQLFieldConfigMap<unknown, unknown>): GraphQLFieldConfigMap<unknown, unknown> {
    return mapValues(fields, (field) => ({
      ...field,
      type: within(field.type),
      args: argumentsWithin(field.args),
    }));
  }

  function copyType(type: GraphQLNamedType): GraphQLNamedType {
    if (isIntrospectionType(type) || specifiedScalarTypes.some((one) => one === type)) return type;
    if (isScalarType(type)) return withRest(new GraphQLScalarType(type.toConfig()), type);
    if (isEnumType(type)) return withRest(new GraphQLEnumType(type.toConfig()), type);
    if (isInputObjectType(type)) {
      const config = type.toConfig();
      const fields = () => mapValues(config.fields, (field) => ({ ...field, type: within(field.type) }));
      return withRest(new GraphQLInputObjectType({ ...config, fields }), type);
    }
    if (isObjectType(type)) {
      const config = type.toConfig();
      const interfaces = () => config.interfaces.map(copyOf);
      return withRest(
        new GraphQLObjectType({ ...config, interfaces, fields: () => fieldsWithin(config.fields) }),
        type,
      );
    }
    if (isInterfaceType(type)) {
      const config = type.toConfig();
      const interfaces = () => config.interfaces.map(copyOf);
      return withRest(
        new GraphQLInterfaceType({ ...config, interfaces, fields: () => fieldsWithin(config.fields) }),
        type,
      );
    }
    const config = type.toConfig();
    return withRest(new GraphQLUnionType({ ...config, types: () => config.types.map(copyOf) }), type);
  }

  function copyDirective(directive: GraphQLDirective): GraphQLDirective {
    if (specifiedDirectives.includes(directive)) return directive;
    const config = directive.toConfig();
    const copy = new GraphQLDirective({ ...config, args: argumentsWithin(config.args) });
    copyRestOfArguments(copy.args, directive.args);
    return withRest(copy, directive);
  }

  const config = schema.toConfig();
  const copy = new GraphQLSchema({
    ...config,
    query: config.query && copyOf(config.query),
    mutation: config.mutation && copyOf(config.mutation),
    subscription: config.subscription && copyOf(config.subscription),
    types: [...copies.values()],
    directives: config.directives.map(copyDirective),
    assumeValid: false,
  });
  for (const [name, type] of Object.entries(originals)) copyRestOfMembers(copy.getType(name), type);
  return withRest(copy, schema);
}

/**
 * Adds the members of the original that its copy lacks. Tools other than graphql-js keep functions of theirs there, such
 * as `resolveReference`. graphql-js copies only the own members of `extensions` with a string as a key. All others are
 * kept too.
 *
 * @throws {StartError} if the original has another method than its class in graphql-js. The copy cannot have this method:
 * `getFields` would return fields without a guard, and `parseValue` of an enum would return values without their rules
 */
function withRest<T extends object>(copy: T, original: T): T {
  const method = otherMethod(copy, original);
  if (method !== undefined) {
    const name = 'name' in original ? String(original.name) : 'schema';
    throw new StartError([
      `${name}: has a method ${method} of its own, so its rules cannot be judged; expected the method of the class of graphql`,
    ]);
  }
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor && !(key in copy)) Object.defineProperty(copy, key, descriptor);
  }
  const extensions: unknown = Reflect.get(original, 'extensions');
  if (isRecord(extensions)) {
    const members = Object.getOwnPropertyDescriptors(extensions);
    Reflect.set(copy, 'extensions', Object.create(Object.getPrototypeOf(extensions), members));
  }
  return copy;
}

/** Returns the name of a method of the copy's class that the original does not have unchanged. */
function otherMethod(copy: object, original: object): string | undefined {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(copy));
  return methods.find((name) => !withoutMeaning.has(name) && Reflect.get(original, name) !== Reflect.get(copy, name));
}

/** The methods that write an object as a text. They have no meaning for rules. */
const withoutMeaning = new Set(['constructor', 'toString', 'toJSON', 'inspect', '__proto__']);

/** Calls `withRest` for each field, argument, enum value and input field of a type. */
function copyRestOfMembers(copy: GraphQLNamedType | undefined, type: GraphQLNamedType): void {
  if (!copy || copy === type) return;
  const copies = membersOf(copy);
  for (const [name, member] of membersOf(type)) {
    const own = copies.get(name);
    if (!own) continue;
    withRest(own, member);
    copyRestOfArguments(own.args ?? [], member.args ?? []);
  }
}

/** Calls `withRest` for each argument. */
function copyRestOfArguments(copies: NonNullable<Member['args']>, originals: NonNullable<Member['args']>): void {
  for (const original of originals) {
    const copy = copies.find(({ name }) => name === original.name);
    if (copy) withRest(copy, original);
  }
}
