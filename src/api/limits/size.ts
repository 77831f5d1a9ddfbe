import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type ValueNode,
} from 'graphql';

/**
 * Returns the number in the value of an argument. `null`: the value is not a number. `undefined`: the argument is
 * absent, for example because its variable has no value. The default in the schema then counts.
 */
export type NumberOf = (value: ValueNode) => number | null | undefined;

/** How often the selections under a field count. */
export interface SelectionSize {
  /** The factor if the surrounding field is not a page. */
  readonly times: number;
  /** The factor if the surrounding field is a page. */
  readonly timesInPage: number;
  /**
   * Whether the field is a page: it states the size of the lists that are its direct fields. For example, the field of
   * a connection states the size of `edges` and `nodes`.
   */
  readonly isPage: boolean;
}

/** A field that a document selects, as the schema defines it. */
interface KnownField {
  readonly type: GraphQLNamedType;
  /** The number of list types around its named type. */
  readonly lists: number;
  /**
   * The greatest defaults of `first` and `last`. Null: there is no default. For a field of an interface, the defaults
   * in the implementing types count too.
   */
  readonly defaults: Readonly<Record<PageArgument, number | null>>;
}

type PageArgument = 'first' | 'last';
const pageArguments: readonly PageArgument[] = ['first', 'last'];

/**
 * Larger page sizes count as this size. It exceeds every limit, and products of such sizes are still finite numbers.
 */
const largestPage = 1_000_000_000;

/** Returns a field of a type. `undefined` for an unknown field, which validation refuses. */
export function knownField(
  schema: GraphQLSchema | undefined,
  parent: GraphQLNamedType | undefined,
  name: string,
): KnownField | undefined {
  if (!schema || !(isObjectType(parent) || isInterfaceType(parent))) return undefined;
  const known = fieldsOf.get(schema) ?? new Map<string, KnownField>();
  fieldsOf.set(schema, known);
  const coordinate = `${parent.name}.${name}`;
  const found = known.get(coordinate);
  if (found) return found;
  const field = parent.getFields()[name];
  if (!field) return undefined;
  // The executor uses the default of the implementing type. It may differ from the default of the interface.
  const others = isInterfaceType(parent) ? schema.getImplementations(parent).objects : [];
  const fields = [field, ...others.flatMap((type) => type.getFields()[name] ?? [])];
  const made: KnownField = {
    type: getNamedType(field.type),
    lists: listsIn(field.type),
    defaults: { first: greatestDefault(fields, 'first'), last: greatestDefault(fields, 'last') },
  };
  known.set(coordinate, made);
  return made;
}

/** The fields that were found. At most one entry for each field of the schema. */
const fieldsOf = new WeakMap<GraphQLSchema, Map<string, KnownField>>();

/**
 * Returns how often the selections under a field count. It depends on the arguments, their defaults and the type of the
 * field.
 *
 * @param listItems - the size of a list if no size is stated, or the stated size is negative
 */
export function sizeOf(
  { arguments: given = [] }: FieldNode,
  field: KnownField | undefined,
  numberOf: NumberOf,
  listItems: number,
): SelectionSize {
  let stated: number | null = null;
  for (const name of pageArguments) {
    const node = given.find((argument) => argument.name.value === name);
    const value = node && numberOf(node.value);
    const number = value === undefined ? (field?.defaults[name] ?? null) : value;
    if (number === null) continue;
    // A resolver may read a negative number as "all".
    stated = Math.max(stated ?? 1, number < 0 ? listItems : Math.ceil(number));
  }
  const lists = field?.lists ?? 0;
  const within = listItems ** Math.max(0, lists - 1);
  const size = bounded((stated ?? 1) * within);
  return {
    times: stated === null && lists > 0 ? bounded(listItems * within) : size,
    timesInPage: size,
    isPage: stated !== null && lists === 0,
  };
}

function bounded(size: number): number {
  return size <= largestPage ? size : largestPage;
}

/**
 * Returns the number in the value of a variable. Null if the value is not a number. Strings count too, because some
 * custom scalars accept numbers as strings.
 */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'string') return /^\s*[+-]?[\d.]/.test(value) ? numberIn(Number(value)) : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') return null;
  return Number.isNaN(value) ? null : value;
}

/** Returns the number in a literal. Null if the literal is not a number. */
export function literalNumber(value: ValueNode): number | null {
  const written = value.kind === Kind.INT || value.kind === Kind.FLOAT || value.kind === Kind.STRING;
  return written ? numberIn(value.kind === Kind.STRING ? value.value : Number(value.value)) : null;
}

function greatestDefault(fields: readonly GraphQLField<unknown, unknown>[], name: PageArgument): number | null {
  const defaults = fields
    .flatMap(({ args }) => args.filter((argument) => argument.name === name))
    .flatMap(({ defaultValue }) => numberIn(defaultValue) ?? []);
  return defaults.length === 0 ? null : Math.max(...defaults);
}

function listsIn(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listsIn(type.ofType);
  return isListType(type) ? 1 + listsIn(type.ofType) : 0;
}
