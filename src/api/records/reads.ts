import { type GraphQLField, type GraphQLResolveInfo, type GraphQLSchema, getNamedType, isAbstractType } from 'graphql';
import type { OwnNames } from '../names/own-names.ts';
import type { RecordType } from './records.ts';

/** A type of the schema whose objects are records of the identity API. */
export interface ReadType {
  readonly type: string;
  readonly record: RecordType;
}

/** The records of the identity API that a field can give. */
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

/** The records in what a resolver gave. Of a field that can give several types, those whose type is said. */
export function recordsIn(given: unknown, types: readonly ReadType[]): readonly (readonly [ReadType, object])[] {
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  return values.flatMap((value) => {
    if (typeof value !== 'object' || value === null) return [];
    const [only, another] = types;
    const said = '__typename' in value ? types.find(({ type }) => type === value.__typename) : undefined;
    const type = another === undefined ? only : said;
    return type === undefined ? [] : [[type, value] as const];
  });
}

type Path = GraphQLResolveInfo['path'];

/**
 * Whether a use was recorded where a record comes from: at its own field, or at the one that gave the page or payload that holds it.
 *
 * @param recorded the paths of such uses, which graphql-js keeps for what is below them
 */
export function isRecordedAbove(path: Path, recorded: WeakSet<Path>): boolean {
  for (let at: Path | undefined = path; at; at = at.prev) {
    if (recorded.has(at)) return true;
    const isWrapper = at.typename === undefined || /(Connection|Edge|Payload)$/.test(at.typename);
    if (!isWrapper) return false;
  }
  return false;
}
