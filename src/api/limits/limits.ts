import { defaultInputDepth, inputDepthCounts } from '../../auth/inputs/limits.ts';
import { mapValues } from '../../protocol/record.ts';

/** A limit of what one operation may ask for. */
interface LimitKind {
  readonly default: number;
  /** The largest number that it can be set to. Beyond, the parser and the rules of graphql-js, which recurse, run out of stack. */
  readonly max: number;
  /** Only of a limit that is measured in the parsed document: of several limits that are exceeded, the one of the lowest rank is reported. */
  readonly rank?: number;
  /** What is counted, for the table in config/configuration.md and for a caller who exceeds it. */
  readonly counts: string;
}

/**
 * Every limit. A new limit is a row here and, in `measure.ts`, the count of it: types, configuration, messages and documentation
 * follow. Every count but `tokens`, `lines`, `directives` and `inputDepth` puts fragments in where they are spread.
 */
const kinds = {
  /** Tokens of the document (GraphQL §2.1.6), comments aside. */
  tokens: { default: 4_000, max: 100_000, counts: 'tokens in the document' },
  /** Lines of the document's text. */
  lines: { rank: 1, default: 10_000, max: 250_000, counts: 'lines of the document, empty ones too' },
  /** Fields within fields. */
  depth: { rank: 4, default: 15, max: 200, counts: 'fields within fields' },
  /** Selection sets, fragments, lists and input objects within one another, as they are written. */
  nesting: {
    rank: 3,
    default: 60,
    max: 200,
    counts: 'selection sets, fragments, lists and input objects within one another',
  },
  /** Fields, each as often as the lists around it have items: by `first` and `last`, their defaults, or `listItems`. */
  cost: {
    rank: 7,
    default: 10_000,
    max: 1_000_000_000,
    counts: 'fields, each multiplied by the size of every list around it',
  },
  /** No limit: how many items a list counts as, in `cost`, where neither an argument nor a default states it. */
  listItems: {
    default: 10,
    max: 10_000,
    counts:
      'no limit: the items that a list counts as, in `cost`, where neither `first` nor `last` nor a default states its size',
  },
  /** Fields under another name. */
  aliases: { rank: 6, default: 50, max: 10_000, counts: 'aliases' },
  /** Fields of the root type. */
  rootFields: { rank: 5, default: 20, max: 10_000, counts: 'fields of the root type' },
  /** Directives in the document, used or not. */
  directives: { rank: 2, default: 50, max: 10_000, counts: 'directives in the document' },
  /** Lists within lists under `__schema` and `__type`. */
  introspectionDepth: { rank: 8, default: 3, max: 10, counts: 'lists within lists under `__schema` and `__type`' },
  /** Fields under `__schema` and `__type`. */
  introspectionFields: { rank: 9, default: 1_000, max: 100_000, counts: 'fields under `__schema` and `__type`' },
  /** What introspection answers with: fields under `__schema` and `__type`, each as often as the lists of the schema have items. */
  introspectionCost: {
    rank: 10,
    default: 1_000_000,
    max: 1_000_000_000,
    counts: 'fields under `__schema` and `__type`, each multiplied by the size of every list of the schema around it',
  },
  /** Objects within one another in a variable or argument, and lists directly in lists. */
  inputDepth: { default: defaultInputDepth as number, max: 200, counts: inputDepthCounts as string },
} as const;

/** What one operation may ask for. */
export type Limits = { readonly [Name in keyof typeof kinds]: number };

/** The name of a limit. */
export type LimitName = keyof Limits;

/** A limit that is measured in the parsed document. The guarded schema itself bounds the depth of inputs. */
export type MeasuredLimit = {
  [Name in LimitName]: (typeof kinds)[Name] extends { readonly rank: number } ? Name : never;
}[LimitName];

/** Every limit, by its name. */
export const limitKinds: Readonly<Record<LimitName, LimitKind>> = kinds;

/** The limits that are measured in the parsed document, in the order in which they are reported. */
export const measuredLimits: readonly MeasuredLimit[] = Object.keys(kinds)
  .filter((name): name is MeasuredLimit => limitKinds[name as LimitName].rank !== undefined)
  .toSorted((one, other) => kinds[one].rank - kinds[other].rank);

/** The limits where nothing else is configured. */
export const defaultLimits: Limits = mapValues(limitKinds, (kind) => kind.default);
