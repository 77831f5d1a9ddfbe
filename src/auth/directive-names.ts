import { type GraphQLSchema, specifiedDirectives } from 'graphql';
import { nearest } from '../protocol/nearest.ts';

/** Names for Claimgate's directives in a schema where the usual ones are taken, each without its `@`. Default: the usual ones. */
export interface DirectiveNames {
  readonly auth?: string;
  readonly public?: string;
  readonly sensitive?: string;
}

/** What everything of Claimgate's directives is called in one schema. */
export interface Names extends Required<DirectiveNames> {
  /** The types of the arguments of `@auth`: named after the directive, so that a directive under another name brings no usual name along. */
  readonly types: { readonly mode: string; readonly rule: string; readonly claim: string };
}

type Usual = keyof DirectiveNames;

/** The names where nothing is configured. */
export const usualNames: Names = {
  auth: 'auth',
  public: 'public',
  sensitive: 'sensitive',
  types: { mode: 'AuthMode', rule: 'AuthRule', claim: 'ClaimRule' },
};

const usual: readonly Usual[] = ['auth', 'public', 'sensitive'];

export function isUsual(name: string): name is Usual {
  return usual.some((one) => one === name);
}

/** The names with what is configured. What `directiveNameFaults` complains of counts as left out. */
export function namesOf(given: DirectiveNames = {}): Names {
  const [fault] = directiveNameFaults(given);
  if (fault !== undefined) return usualNames;
  const names = {
    ...usualNames,
    ...Object.fromEntries(Object.entries(given).filter(([, name]) => name !== undefined)),
  };
  if (names.auth === usualNames.auth) return names;
  const prefix = names.auth.charAt(0).toUpperCase() + names.auth.slice(1);
  return { ...names, types: { mode: `${prefix}Mode`, rule: `${prefix}Rule`, claim: `${prefix}ClaimRule` } };
}

/** The names of directives that only Claimgate may define. */
export function directivesOf(names: Names): ReadonlySet<string> {
  return new Set(usual.map((name) => names[name]));
}

/** The names of types that only Claimgate may define or extend. */
export function typesOf({ types }: Names): ReadonlySet<string> {
  return new Set(Object.values(types));
}

/** Says what is wrong with names that are configured, a line each. */
export function* directiveNameFaults(given: unknown): Iterable<string> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    yield 'directives: expected an object of names, such as { auth: "claims" }';
    return;
  }
  const taken = new Set(specifiedDirectives.map(({ name }) => name));
  const others = new Map<unknown, string>(
    usual.filter((name) => !Object.hasOwn(given, name)).map((name) => [name, name]),
  );
  for (const [key, name] of Object.entries(given)) {
    if (!isUsual(key)) {
      const meant = nearest(key, usual);
      yield `directives.${key}: there is no such directive; ${meant ? `did you mean ${meant}?` : `expected ${usual.join(', ')}`}`;
    } else if (name === undefined) {
      others.set(key, key);
    } else if (typeof name !== 'string' || !/^(?!__)[_A-Za-z]\w*$/.test(name)) {
      yield `directives.${key}: expected a name of letters, digits and _, without the @ and not beginning with __`;
    } else if (taken.has(name)) {
      yield `directives.${key}="${name}": expected another name, since @${name} is a directive of GraphQL itself`;
    } else if (others.has(name)) {
      yield `directives.${key}="${name}": expected another name, since directives.${others.get(name)} has this one`;
    } else {
      others.set(name, key);
    }
  }
}

/**
 * What an unknown directive was probably meant to be, as the end of a sentence; what to do where there is nothing near.
 *
 * @param others directives that modules define, and those of GraphQL
 */
export function unknownDirectiveHint(unknown: string, names: Names, others: readonly string[]): string {
  const renamed = isUsual(unknown) && names[unknown] !== unknown ? names[unknown] : undefined;
  if (renamed !== undefined) {
    return `; did you mean @${renamed}? Claimgate's @${unknown} has that name here, by directives: { ${unknown}: "${renamed}" }`;
  }
  const meant = nearest(unknown, [...directivesOf(names), ...others]);
  if (meant !== undefined) return `; did you mean @${meant}?`;
  return `; define it in a module: directive @${unknown} on …, also where it is of a federation or of a tool`;
}

const key = 'claimgate';

/** Keeps the names with a schema, and with what other tools make of it. */
export function keepNames(schema: GraphQLSchema, names: Names): void {
  schema.extensions = { ...schema.extensions, [key]: names };
}

/** The names that were kept with a schema. */
export function keptNames({ extensions }: GraphQLSchema): Names {
  const kept = extensions[key];
  return kept === undefined ? usualNames : (kept as Names); // keepNames alone writes it.
}
