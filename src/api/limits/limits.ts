import { defaultInputDepth, inputDepthCounts, maxInputDepth } from '../../auth/inputs/limits.ts';
import { mapValues } from '../../protocol/record.ts';

/** A limit of one operation. */
interface LimitKind {
  readonly default: number;
  /**
   * The largest value of the limit. With greater values of some limits, graphql-js would exhaust the call stack,
   * because its parser and rules recurse.
   */
  readonly max: number;
  /**
   * If several limits are exceeded, the limit with the lowest rank is reported. Absent for limits that are not measured
   * in the parsed document.
   */
  readonly rank?: number;
  /** Describes what is counted, for the table in config/configuration.md and for messages to callers. */
  readonly counts: string;
}

/**
 * Every limit. A new limit of the parsed document needs a row here and its count in `measure.ts`. Types, configuration,
 * messages and documentation are derived from the row. A fragment counts at each place where it is spread, except for
 * `tokens`, `lines`, `nameLength`, `directives` and `inputDepth`.
 */
const kinds = {
  /** Tokens of the document (GraphQL §2.1.6), without comments. */
  tokens: { default: 4_000, max: 100_000, counts: 'tokens in the document' },
  /** Lines of the document's text. */
  lines: { rank: 1, default: 10_000, max: 250_000, counts: 'lines of the document, empty ones too' },
  /** The nesting depth of fields. */
  depth: { rank: 4, default: 15, max: 200, counts: 'fields within fields' },
  /** The nesting depth of selection sets, fragments, lists and input objects in the text of the document. */
  nesting: {
    rank: 3,
    default: 60,
    max: 200,
    counts: 'selection sets, fragments, lists and input objects within one another',
  },
  /**
   * Fields, each multiplied by the sizes of the lists around it. The size of a list is `first` or `last`, their
   * default, or `listItems`.
   */
  cost: {
    rank: 7,
    default: 10_000,
    max: 1_000_000_000,
    counts: 'fields, each multiplied by the size of every list around it',
  },
  /** Not a limit. It is the size of a list in `cost` if neither an argument nor a default states the size. */
  listItems: {
    default: 10,
    max: 10_000,
    counts: 'not a limit: the size of a list in `cost` if neither `first`, `last` nor a default states the size',
  },
  /** Fields with an alias. */
  aliases: { rank: 6, default: 50, max: 10_000, counts: 'aliases' },
  /** Fields of the root type. */
  rootFields: { rank: 5, default: 20, max: 10_000, counts: 'fields of the root type' },
  /** Directives in the document. Directives in unused fragments count too. */
  directives: { rank: 2, default: 50, max: 10_000, counts: 'directives in the document' },
  /** The nesting depth of lists under `__schema` and `__type`. */
  introspectionDepth: { rank: 8, default: 3, max: 10, counts: 'lists within lists under `__schema` and `__type`' },
  /** Fields under `__schema` and `__type`. */
  introspectionFields: { rank: 9, default: 1_000, max: 100_000, counts: 'fields under `__schema` and `__type`' },
  /** Fields under `__schema` and `__type`, each multiplied by the sizes of the schema's lists around it. */
  introspectionCost: {
    rank: 10,
    default: 1_000_000,
    max: 1_000_000_000,
    counts:
      'fields under `__schema` and `__type`, each multiplied by the size of every list of the schema around it. The default is at least the cost of the standard introspection query on the schema',
  },
  /** The nesting depth of objects in a variable or argument. A list directly in a list is a level too. */
  inputDepth: {
    default: defaultInputDepth as number,
    max: maxInputDepth as number,
    counts: inputDepthCounts as string,
  },
  /**
   * The length of a name. It is limited because answers repeat names of the document: the path of each error has the
   * aliases of all fields around it.
   */
  nameLength: { rank: 11, default: 256, max: 10_000, counts: 'characters of the longest name in the document' },
} as const;

/** The limits of one operation. */
export type Limits = { readonly [Name in keyof typeof kinds]: number };

/**
 * The limits as the operator configures them. `introspectionCost` is null if it is not configured. `standard.ts` then
 * derives it from the schema.
 */
export type ConfiguredLimits = Omit<Limits, 'introspectionCost'> & { readonly introspectionCost: number | null };

/** The name of a limit. */
export type LimitName = keyof Limits;

/**
 * A limit that is measured in the parsed document. The parser itself limits the tokens, and the guarded schema the
 * depth of inputs.
 */
export type MeasuredLimit = {
  [Name in LimitName]: (typeof kinds)[Name] extends { readonly rank: number } ? Name : never;
}[LimitName];

/** Every limit, by its name. */
export const limitKinds: Readonly<Record<LimitName, LimitKind>> = kinds;

/** The limits that are measured in the parsed document, in the order in which they are reported. */
export const measuredLimits: readonly MeasuredLimit[] = Object.keys(kinds)
  .filter((name): name is MeasuredLimit => limitKinds[name as LimitName].rank !== undefined)
  .toSorted((one, other) => kinds[one].rank - kinds[other].rank);

/** The default limits. */
export const defaultLimits: Limits = mapValues(limitKinds, (kind) => kind.default);
