import { defaultInputDepth, inputDepthCounts } from '../../auth/inputs/limits.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/** What one operation may ask for. Everything but `tokens`, `lines`, `directives` and `inputDepth` is counted with fragments put in where they are spread. */
export interface Limits {
  /** Tokens of the document (GraphQL §2.1.6), comments aside. */
  readonly tokens: number;
  /** Lines of the document's text. */
  readonly lines: number;
  /** Fields within fields. */
  readonly depth: number;
  /** Selection sets, fragments, lists and input objects within one another, as they are written. */
  readonly nesting: number;
  /** Fields, each as often as the lists around it have items: by `first` and `last`, their defaults, or `listItems`. */
  readonly cost: number;
  /** No limit: how many items a list counts as, in `cost`, where neither an argument nor a default states it. */
  readonly listItems: number;
  /** Fields under another name. */
  readonly aliases: number;
  /** Fields of the root type. */
  readonly rootFields: number;
  /** Directives in the document, used or not. */
  readonly directives: number;
  /** Lists within lists under `__schema` and `__type`. */
  readonly introspectionDepth: number;
  /** Fields under `__schema` and `__type`. */
  readonly introspectionFields: number;
  /** What introspection answers with: fields under `__schema` and `__type`, each as often as the lists of the schema have items. */
  readonly introspectionCost: number;
  /** Objects within one another in a variable or argument, and lists directly in lists. */
  readonly inputDepth: number;
}

export type LimitName = keyof Limits;

/** What is found in a document once it is parsed. The guarded schema itself bounds the depth of inputs. */
export type MeasuredLimit = Exclude<LimitName, 'tokens' | 'listItems' | 'inputDepth'>;

/** What is known of a limit. */
interface LimitKind {
  readonly default: number;
  /** The most that it can be set to. Beyond, the parser and the rules of graphql-js, which recurse, run out of stack. */
  readonly most: number;
  /** What is counted, for the table in config/configuration.md and for a caller who exceeds it. */
  readonly counts: string;
}

export const limitKinds: Readonly<Record<LimitName, LimitKind>> = {
  tokens: { default: 4_000, most: 100_000, counts: 'tokens in the document' },
  lines: { default: 10_000, most: 250_000, counts: 'lines of the document, empty ones too' },
  depth: { default: 15, most: 200, counts: 'fields within fields' },
  nesting: { default: 60, most: 200, counts: 'selection sets, fragments, lists and input objects within one another' },
  cost: {
    default: 10_000,
    most: 1_000_000_000,
    counts: 'fields, each multiplied by the size of every list around it',
  },
  listItems: {
    default: 10,
    most: 10_000,
    counts:
      'no limit: the items that a list counts as, in `cost`, where neither `first` nor `last` nor a default states its size',
  },
  aliases: { default: 50, most: 10_000, counts: 'aliases' },
  rootFields: { default: 20, most: 10_000, counts: 'fields of the root type' },
  directives: { default: 50, most: 10_000, counts: 'directives in the document' },
  introspectionDepth: { default: 3, most: 10, counts: 'lists within lists under `__schema` and `__type`' },
  introspectionFields: { default: 1_000, most: 100_000, counts: 'fields under `__schema` and `__type`' },
  introspectionCost: {
    default: 1_000_000,
    most: 1_000_000_000,
    counts: 'fields under `__schema` and `__type`, each multiplied by the size of every list of the schema around it',
  },
  inputDepth: { default: defaultInputDepth, most: 200, counts: inputDepthCounts },
};

export const limitNames: readonly LimitName[] = Object.keys(limitKinds).filter(isLimitName);

/** The limits where nothing else is configured. */
export const defaultLimits: Limits = {
  tokens: limitKinds.tokens.default,
  lines: limitKinds.lines.default,
  depth: limitKinds.depth.default,
  nesting: limitKinds.nesting.default,
  cost: limitKinds.cost.default,
  listItems: limitKinds.listItems.default,
  aliases: limitKinds.aliases.default,
  rootFields: limitKinds.rootFields.default,
  directives: limitKinds.directives.default,
  introspectionDepth: limitKinds.introspectionDepth.default,
  introspectionFields: limitKinds.introspectionFields.default,
  introspectionCost: limitKinds.introspectionCost.default,
  inputDepth: limitKinds.inputDepth.default,
};

/** What is wrong with `limits` of the configuration file. */
export function* limitFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'limits: expected an object';
    return;
  }
  for (const [name, limit] of Object.entries(value)) {
    if (!isLimitName(name)) {
      yield `limits.${name}: there is no such limit; expected ${limitNames.join(', ')}${nearestHint(name, limitNames)}`;
      continue;
    }
    const { most } = limitKinds[name];
    if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > most) {
      yield `limits.${name}=${String(limit)}: expected a whole number from 1 to ${most}`;
    }
  }
}

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(limitKinds, name);
}
