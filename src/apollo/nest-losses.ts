import type { GraphQLSchema } from 'graphql';
import { directiveNamesOf, type ResolvedDirectiveNames } from '../auth/directive-names.ts';
import { membersOf } from '../auth/given/directed.ts';
import { isInExtensions } from '../auth/given/extensions.ts';
import { isRecord } from '../protocol/record.ts';

type Members = Readonly<Record<string, unknown>>;

/** A place where NestJS does not copy the value of `@Extensions` to the schema. */
interface Place {
  readonly at: string;
  readonly extensions: unknown;
}

/**
 * Finds rules in `@Extensions` that NestJS 14 drops: on an interface class, an abstract class, a resolver class, a class
 * of arguments, a field of a class of arguments, and on a `@ResolveField` method whose class has the `@Field` too.
 *
 * The decorators are read in NestJS's storage, which is a global object without documentation. If the storage has
 * another form, no loss is found.
 *
 * @param schema - the schema that NestJS made from code, or its copy
 * @returns one line for each loss
 */
export function* lostInNest(schema: GraphQLSchema, names: ResolvedDirectiveNames): Iterable<string> {
  const storage: unknown = Reflect.get(globalThis, 'GqlTypeMetadataStorage');
  if (!isRecord(storage)) return;
  const own = [...directiveNamesOf(names)];
  for (const { at, extensions } of [...droppedClasses(storage), ...replacedFields(storage, schema)]) {
    const lost = isRecord(extensions) ? own.filter((name) => isInExtensions(extensions, name)) : [];
    for (const name of lost) {
      yield `${at}: NestJS drops extensions.${name} of @Extensions here; write @Directive('@${name}…') instead, with the option buildSchemaOptions of nestOptions`;
    }
  }
}

function* droppedClasses(storage: Members): Iterable<Place> {
  for (const { name, extensions } of listIn(storage, 'getInterfacesMetadata')) {
    yield { at: `the interface class ${String(name)}`, extensions };
  }
  for (const list of ['getObjectTypesMetadata', 'getInputTypesMetadata']) {
    for (const { name, extensions, isAbstract } of listIn(storage, list)) {
      if (isAbstract === true) yield { at: `the abstract class ${String(name)}`, extensions };
    }
  }
  for (const { target, extensions, properties } of listIn(storage, 'getArgumentsMetadata')) {
    const at = `the class of arguments ${nameOf(target)}`;
    yield { at, extensions };
    for (const property of recordsOf(properties)) {
      yield { at: `${at}, field ${String(property['name'])}`, extensions: property['extensions'] };
    }
  }
  const { metadataByTargetCollection: byTarget } = storage;
  const { all } = isRecord(byTarget) ? byTarget : {};
  for (const { target } of recordsOf(isRecord(all) ? all['resolver'] : undefined)) {
    const metadata = call(byTarget, 'get', target);
    for (const { value } of recordsOf(isRecord(metadata) ? metadata['classExtensions'] : undefined)) {
      yield { at: `the resolver class ${nameOf(target)}`, extensions: value };
    }
  }
}

/** Finds methods of resolver classes whose extensions are not the ones of the field in the schema. */
function* replacedFields(storage: Members, schema: GraphQLSchema): Iterable<Place> {
  for (const { target, methodName, schemaName, extensions, ...resolver } of recordsOf(storage['fieldResolvers'])) {
    const type = call(resolver, 'objectTypeFn');
    const metadata =
      call(storage, 'getObjectTypeMetadataByTarget', type) ?? call(storage, 'getInterfaceMetadataByTarget', type);
    const found = isRecord(metadata) ? schema.getType(String(metadata['name'])) : undefined;
    const field = found && membersOf(found).get(String(schemaName));
    if (!field || !isRecord(extensions)) continue;
    const lost = Object.entries(extensions).filter(([name, value]) => field.extensions?.[name] !== value);
    yield { at: `the method ${nameOf(target)}.${String(methodName)}`, extensions: Object.fromEntries(lost) };
  }
}

function listIn(storage: Members, method: string): readonly Members[] {
  return recordsOf(call(storage, method));
}

function recordsOf(list: unknown): readonly Members[] {
  return typeof list === 'object' && list !== null && Symbol.iterator in list
    ? [...(list as Iterable<unknown>)].filter(isRecord)
    : [];
}

/** Calls a method. @returns undefined if there is no such method, or if it throws */
function call(object: unknown, method: string, ...args: readonly unknown[]): unknown {
  const member: unknown = isRecord(object) ? object[method] : undefined;
  try {
    return typeof member === 'function' ? Reflect.apply(member, object, args) : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(target: unknown): string {
  return typeof target === 'function' ? target.name : String(target);
}
