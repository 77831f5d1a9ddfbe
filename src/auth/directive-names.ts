import { type GraphQLSchema, specifiedDirectives } from 'graphql';
import { nearest } from '../protocol/nearest.ts';

/**
 * The names of Claimgate's directives in one schema, without `@`. Set a name if the schema already uses the default
 * name for another directive. The default name is the key.
 */
export interface DirectiveNames {
  readonly auth?: string;
  readonly public?: string;
  readonly sensitive?: string;
}

/** The names of Claimgate's directives, and of the types of their arguments, in one schema. */
export interface ResolvedDirectiveNames extends Required<DirectiveNames> {
  /**
   * The types of the arguments of `@auth`. If the directive is renamed, the names of these types begin with its new
   * name. Then the schema can use the default names for other types.
   */
  readonly types: { readonly mode: string; readonly rule: string; readonly claim: string };
}

type DefaultName = keyof DirectiveNames;

/** The default names. */
export const defaultNames: ResolvedDirectiveNames = {
  auth: 'auth',
  public: 'public',
  sensitive: 'sensitive',
  types: { mode: 'AuthMode', rule: 'AuthRule', claim: 'ClaimRule' },
};

const defaultDirectives: readonly DefaultName[] = ['auth', 'public', 'sensitive'];

/** Whether a directive has the default name of one of Claimgate's directives. */
export function isDefaultName(name: string): name is DefaultName {
  return defaultDirectives.some((one) => one === name);
}

/**
 * Adds the default names to the configured names. If the configured names have a fault, only the default names are
 * returned.
 */
export function namesOf(configured: DirectiveNames = {}): ResolvedDirectiveNames {
  const [fault] = directiveNameFaults(configured);
  if (fault !== undefined) return defaultNames;
  const names = {
    ...defaultNames,
    ...Object.fromEntries(Object.entries(configured).filter(([, name]) => name !== undefined)),
  };
  if (names.auth === defaultNames.auth) return names;
  const prefix = names.auth.charAt(0).toUpperCase() + names.auth.slice(1);
  return { ...names, types: { mode: `${prefix}Mode`, rule: `${prefix}Rule`, claim: `${prefix}ClaimRule` } };
}

/** Returns the names of the directives that only Claimgate may define. */
export function directiveNamesOf(names: ResolvedDirectiveNames): ReadonlySet<string> {
  return new Set(defaultDirectives.map((name) => names[name]));
}

/** Returns the names of the types that only Claimgate may define or extend. */
export function typeNamesOf({ types }: ResolvedDirectiveNames): ReadonlySet<string> {
  return new Set(Object.values(types));
}

/** Finds the faults of configured names. Yields one line for each fault. */
export function* directiveNameFaults(configured: unknown): Iterable<string> {
  if (typeof configured !== 'object' || configured === null || Array.isArray(configured)) {
    yield 'directives: expected an object of names, such as { auth: "claims" }';
    return;
  }
  const ofGraphQL = new Set(specifiedDirectives.map(({ name }) => name));
  const others = new Map<unknown, string>(
    defaultDirectives.filter((name) => !Object.hasOwn(configured, name)).map((name) => [name, name]),
  );
  for (const [key, name] of Object.entries(configured)) {
    if (!isDefaultName(key)) {
      const meant = nearest(key, defaultDirectives);
      yield `directives.${key}: there is no such directive; ${meant ? `did you mean ${meant}?` : `expected ${defaultDirectives.join(', ')}`}`;
    } else if (name === undefined) {
      others.set(key, key);
    } else if (typeof name !== 'string' || !/^(?!__)[_A-Za-z]\w*$/.test(name)) {
      yield `directives.${key}: expected a name of letters, digits and _, without the @ and not beginning with __`;
    } else if (ofGraphQL.has(name)) {
      yield `directives.${key}="${name}": expected another name, since @${name} is a directive of GraphQL itself`;
    } else if (others.has(name)) {
      yield `directives.${key}="${name}": expected another name, since directives.${others.get(name)} has this one`;
    } else {
      others.set(name, key);
    }
  }
}

/**
 * Writes a hint for an unknown directive. The hint is the most similar known name. If no known name is similar, the
 * hint is how to define the directive.
 *
 * @param others - the names of the directives that modules define, and of GraphQL's own directives
 * @returns the end of a fault message. It begins with a semicolon
 */
export function unknownDirectiveHint(
  unknown: string,
  names: ResolvedDirectiveNames,
  others: readonly string[],
): string {
  const renamed = isDefaultName(unknown) && names[unknown] !== unknown ? names[unknown] : undefined;
  if (renamed !== undefined) {
    return `; did you mean @${renamed}? Claimgate's @${unknown} has that name here, by directives: { ${unknown}: "${renamed}" }`;
  }
  const meant = nearest(unknown, [...directiveNamesOf(names), ...others]);
  if (meant !== undefined) return `; did you mean @${meant}?`;
  return `; define it in a module: directive @${unknown} on …, also where it is of a federation or of a tool`;
}

const key = 'claimgate';

/** Stores the names in the extensions of a schema. Tools that copy the schema copy the extensions too. */
export function storeNames(schema: GraphQLSchema, names: ResolvedDirectiveNames): void {
  schema.extensions = { ...schema.extensions, [key]: names };
}

/** Whether names are stored in a schema. */
export function hasNames({ extensions }: GraphQLSchema): boolean {
  return extensions[key] !== undefined;
}

/** Returns the names that are stored in a schema. If no names are stored, it returns the default names. */
export function namesInSchema({ extensions }: GraphQLSchema): ResolvedDirectiveNames {
  const stored = extensions[key];
  return stored === undefined ? defaultNames : (stored as ResolvedDirectiveNames); // Only `storeNames` writes this extension.
}
