import { type GraphQLField, type GraphQLResolveInfo, type GraphQLSchema, getNamedType, isAbstractType } from 'graphql';
import type { OwnNames } from '../names/own-names.ts';
import type { RecordType } from './records.ts';

/** A type of the schema whose objects are records of the identity API. */
export interface ReadType {
  readonly type: string;
  readonly record: RecordType;
}

/** Returns the types of records of the identity API that a field can return. */
export function recordTypesOf(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  { recordOf }: OwnNames,
): readonly ReadType[] {
  const type = getNamedType(field.type);
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return possible.flatMap(({ name }) => {
    const record = recordOf(name);
    return record === null ? [] : [{ type: name, record }];
  });
}

/**
 * Returns the records in the value of a resolver.
 *
 * @param types - the types of records that the field can return. If there are several, a value counts only if its
 * `__typename` is one of them
 */
export function recordsIn(result: unknown, types: readonly ReadType[]): readonly (readonly [ReadType, object])[] {
  const values: readonly unknown[] = Array.isArray(result) ? result : [result];
  return values.flatMap((value) => {
    if (typeof value !== 'object' || value === null) return [];
    const [only, another] = types;
    const stated = '__typename' in value ? types.find(({ type }) => type === value.__typename) : undefined;
    const type = another === undefined ? only : stated;
    return type === undefined ? [] : [[type, value] as const];
  });
}

type Path = GraphQLResolveInfo['path'];

/**
 * Whether a use was already recorded for the field that returned a record, or for a field above it. An example is the
 * field of the page or payload that contains the record.
 *
 * @param recorded - the paths of recorded uses. graphql-js shares the path object of a field with all fields below it
 */
export function isRecordedAbove(path: Path, recorded: WeakSet<Path>): boolean {
  for (let at: Path | undefined = path; at; at = at.prev) {
    if (recorded.has(at)) return true;
    const isWrapper = at.typename === undefined || /(Connection|Edge|Payload)$/.test(at.typename);
    if (!isWrapper) return false;
  }
  return false;
}
