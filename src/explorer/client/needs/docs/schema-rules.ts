import type { RuleDecision } from '../explanation.ts';

/** One rule of the schema, as `schemaRules` answers it. */
export interface SchemaRule {
  readonly coordinate: string;
  readonly words: string;
  readonly decision: RuleDecision;
  readonly shadow: boolean;
}

/** Writes the operation that reads the rules of types. @param field - the name of `schemaRules` */
export function rulesDocument(field: string): string {
  return `query SchemaRules($types: [String!], $after: String) {
  schemaRules: ${field}(types: $types, first: 500, after: $after) {
    nodes { coordinate words decision shadow }
    endCursor
  }
}`;
}

/** The rules of types for one caller, by the coordinate that carries them. */
export type RulesByCoordinate = ReadonlyMap<string, readonly SchemaRule[]>;

/** What is known about the rules of some types. */
export interface KnownRules {
  readonly rules: RulesByCoordinate;
  /** Why the rules are not known. `null`: they are known, or on their way. */
  readonly fault: string | null;
}

/** The rules of the schema, loaded type by type. */
export interface SchemaRules {
  /** Returns what is known. The same object is returned until something changes. */
  readonly known: () => KnownRules;
  readonly subscribe: (listener: () => void) => () => void;
  /** Loads the rules of types that are not known yet. After a change of the caller or its token, no type is known. */
  readonly load: (types: readonly string[], caller: { readonly id: string; readonly version: string }) => void;
}

/** Runs the document of `rulesDocument` for a caller and returns the `data`. */
type Ask = (variables: object, callerId: string, signal: AbortSignal) => Promise<unknown>;

/** The largest number of names in one request. The server accepts at most 100. */
const typesOfRequest = 100;
/** If the rules of more types are kept, they are all dropped with the next request. */
const maxTypes = 2_000;
/** The largest number of pages that one call of `load` reads. */
const maxPages = 50;

/** The rules of one caller with one token. */
interface Generation {
  readonly key: string;
  readonly controller: AbortController;
  /** The names of the types that are loaded, or being loaded. */
  readonly loaded: Set<string>;
  readonly rules: Map<string, readonly SchemaRule[]>;
}

/** Creates the store of the schema's rules. It asks for one set of types at a time. */
export function createSchemaRules(ask: Ask): SchemaRules {
  const listeners = new Set<() => void>();
  let current: KnownRules = { rules: new Map(), fault: null };
  let generation = generationOf('');
  const set = (next: KnownRules): void => {
    current = next;
    for (const listener of listeners) listener();
  };

  async function read(types: readonly string[], callerId: string, { signal }: AbortController): Promise<SchemaRule[]> {
    const rules: SchemaRule[] = [];
    let after: string | null = null;
    let from = 0;
    for (let page = 0; page < maxPages; page += 1) {
      const some = types.slice(from, from + typesOfRequest);
      const found = rulesIn(await ask({ types: some, after }, callerId, signal));
      rules.push(...found.nodes);
      after = found.endCursor;
      if (after === null) from += typesOfRequest;
      if (from >= types.length) return rules;
    }
    throw new Error('This type has too many rules to show them here.');
  }

  return {
    known: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load(types, { id, version }) {
      const key = JSON.stringify([id, version]);
      if (key !== generation.key || generation.loaded.size > maxTypes) {
        generation.controller.abort();
        generation = generationOf(key);
      }
      const { controller, loaded, rules } = generation;
      const wanted = [...new Set(types)].filter((type) => !loaded.has(type));
      if (wanted.length === 0) return;
      for (const type of wanted) loaded.add(type);
      read(wanted, id, controller).then(
        (found) => {
          if (controller.signal.aborted) return;
          for (const [coordinate, some] of Map.groupBy(found, (rule) => rule.coordinate)) rules.set(coordinate, some);
          set({ rules: new Map(rules), fault: null });
        },
        (error: unknown) => {
          if (controller.signal.aborted) return;
          for (const type of wanted) loaded.delete(type);
          set({ ...current, fault: error instanceof Error ? error.message : 'The rules could not be read.' });
        },
      );
    },
  };
}

function generationOf(key: string): Generation {
  return { key, controller: new AbortController(), loaded: new Set(), rules: new Map() };
}

function rulesIn(data: unknown): { nodes: readonly SchemaRule[]; endCursor: string | null } {
  const page: unknown = typeof data === 'object' && data !== null && 'schemaRules' in data ? data.schemaRules : null;
  if (typeof page !== 'object' || page === null || !('nodes' in page) || !Array.isArray(page.nodes)) {
    throw new Error('The server gave no rules of the schema.');
  }
  return {
    nodes: page.nodes,
    endCursor: 'endCursor' in page && typeof page.endCursor === 'string' ? page.endCursor : null,
  };
}
