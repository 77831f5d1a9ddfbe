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
  schemaRules: ${field}(types: $types, first: 200, after: $after) {
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
  /** Loads the rules of types that are not known yet. A change of the caller or its token forgets all of them. */
  readonly load: (types: readonly string[], caller: { readonly id: string; readonly version: string }) => void;
}

/** Runs the document of `rulesDocument` for a caller and returns the `data`. */
type Ask = (variables: object, callerId: string, signal: AbortSignal) => Promise<unknown>;

/** The number of names in one request. The server takes at most 100. */
const typesOfRequest = 100;
/** The number of types whose rules are kept. */
const maxTypes = 2_000;
/** The number of pages that are read for one request. */
const maxPages = 50;

/** Creates the store of the schema's rules. It asks for one set of types at a time. */
export function createSchemaRules(ask: Ask): SchemaRules {
  const listeners = new Set<() => void>();
  let current: KnownRules = { rules: new Map(), fault: null };
  let callerKey = '';
  let loaded = new Set<string>();
  let controller = new AbortController();
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
      const isOther = key !== callerKey;
      if (isOther || loaded.size > maxTypes) {
        controller.abort();
        controller = new AbortController();
        callerKey = key;
        loaded = new Set();
      }
      const wanted = [...new Set(types)].filter((type) => !loaded.has(type));
      if (wanted.length === 0) return;
      for (const type of wanted) loaded.add(type);
      const mine = controller;
      const before = isOther ? new Map() : current.rules;
      read(wanted, id, mine).then(
        (rules) => {
          if (mine.signal.aborted) return;
          const base = isOther ? before : current.rules;
          set({ rules: new Map([...base, ...Map.groupBy(rules, ({ coordinate }) => coordinate)]), fault: null });
        },
        (error: unknown) => {
          if (mine.signal.aborted) return;
          for (const type of wanted) loaded.delete(type);
          set({ ...current, fault: error instanceof Error ? error.message : 'The rules could not be read.' });
        },
      );
    },
  };
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
