/** A trusted document, as a list for people names it. */
export interface ListedDocument {
  /** The first ID of the document in the manifests. */
  readonly id: string;
  /** The name of its first operation. Null: it has none. */
  readonly name: string | null;
  readonly kind: 'query' | 'mutation' | 'subscription';
}

/** The found documents. */
export interface DocumentList {
  /** How many documents were found. The list has the first ones. */
  readonly total: number;
  readonly documents: readonly ListedDocument[];
}

/** The largest number of documents in one list. */
const maxListed = 100;

/**
 * Makes the function that finds documents by a part of the name, of the kind or of the ID, in the order of the manifests.
 * The names are read when a person first asks.
 *
 * @param ids - the ID of each text
 */
export function documentFinder(ids: ReadonlyMap<string, string>): (search: string) => DocumentList {
  let all: readonly { readonly document: ListedDocument; readonly words: string }[] | undefined;
  return (search) => {
    all ??= [...ids].map(([text, id]) => {
      const document = { id, ...firstOperation(text) };
      return { document, words: `${document.kind} ${document.name ?? ''} ${id}`.toLowerCase() };
    });
    const wanted = search.trim().toLowerCase();
    const found = all.filter(({ words }) => words.includes(wanted));
    return { total: found.length, documents: found.slice(0, maxListed).map(({ document }) => document) };
  };
}

const kinds = ['query', 'mutation', 'subscription'] as const;

/** Reads the name and the kind of the first operation. They are only for people. */
function firstOperation(text: string): Pick<ListedDocument, 'name' | 'kind'> {
  const code = text.replaceAll(/#[^\n\r]*|"""[^]*?"""|"(?:\\.|[^"\\\n])*"/g, ' ');
  const [, kind, name] = /(?:^|\})[\s,]*(query|mutation|subscription)\b\s*(\w+)?/.exec(code) ?? [];
  return { kind: kinds.find((one) => one === kind) ?? 'query', name: name ?? null };
}
