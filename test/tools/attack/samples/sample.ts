/** An element of a published schema, and what an attack on it must do. Checked by hand. */
export interface Sample {
  readonly coordinate: string;
  /** The scopes of its rule. Each of them is enough. */
  readonly scopes: readonly string[];
  /**
   * The places that must be tried: fields, names of arguments in parentheses, types of fragments in angle brackets. Empty: no
   * operation reaches it.
   */
  readonly places: readonly string[];
  /**
   * Further ways of an input: `null` may be sent; an item may stand for its list; the field may be called `without` the
   * argument; the input may be `nested` in itself by `AND`, `OR` and `NOT`.
   */
  readonly inputs?: readonly ('null' | 'list' | 'without' | 'nested')[];
  /** It is a member of a union. If all selections of its value are skipped, nothing shows its type. */
  readonly isMember?: boolean;
}

/** The ways that every element must be attacked in, without those of `@defer`. */
const everyWay = [
  'plain',
  'aliases',
  'the response key of another field',
  'inline fragments',
  'inline fragments without a type',
  'named fragments after the operation',
  'named fragments before the operation',
  'fragments on interfaces',
  'fragments in fragments, with aliases',
  '@include with a variable and its default',
  '@skip and @include in an inline fragment',
  '@include with a variable on named fragments',
  '@skip and @include on inline fragments in fragments',
  'merged fields',
  'two aliases',
  'the type name alone',
  'all selections of its value skipped',
  'after an open field',
  'after an open field, with the default of a variable of @include',
  'beside the type name of the root',
  'beside introspection',
  'after another operation',
  'before another operation',
  'arguments by variables',
  'arguments by the defaults of variables',
  'arguments with variables inside',
];
const deferred = ['@defer on inline fragments', '@defer on named fragments'];

const threeForms = (name: string) => [name, `${name} by a variable`, `${name} by the default of a variable`];

const ofInputs = {
  null: threeForms('null'),
  list: threeForms('one item for a list'),
  without: ['beside the same field without the argument', 'beside the same field without the argument, by a variable'],
  nested: ['AND', 'OR', 'NOT'].flatMap((field) =>
    [1, 30, 300, 5_000].map((depth) => `nested ${depth} deep in ${field} by a variable`),
  ),
} as const;

/**
 * Lists the ways that must be tried.
 *
 * @param mutations - the names of the fields of mutations
 */
export function waysOf(
  { places, inputs = [], isMember = false }: Sample,
  mutations: ReadonlySet<string>,
  hasDefer: boolean,
): readonly string[] {
  if (places.length === 0) return [];
  // Only a query has `__schema`.
  const isMutation = places.every((place) => mutations.has(/^\w+/.exec(place)?.[0] ?? ''));
  return [
    ...everyWay.filter(
      (name) =>
        (name !== 'beside introspection' || !isMutation) &&
        (name !== 'all selections of its value skipped' || !isMember),
    ),
    ...(hasDefer ? deferred : []),
    ...inputs.flatMap((one) => ofInputs[one]),
  ];
}
