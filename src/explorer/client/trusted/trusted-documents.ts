import { readJson } from '../session/body.ts';

/** A trusted document in the list of the pane. */
export interface TrustedDocument {
  readonly id: string;
  /** The name of its operation. Null: it has none. */
  readonly name: string | null;
  readonly kind: string;
}

/** The documents that the server has found. */
export interface TrustedList {
  readonly total: number;
  readonly documents: readonly TrustedDocument[];
}

/** What the requests of the pane need. `authorizedFetch` makes the function for a caller. */
export interface TrustedOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly signal: AbortSignal;
}

const path = '/explorer/documents';

/** Reads the documents that a search finds. @throws {Error} whose message says in one line why there is no list */
export async function readDocuments(search: string, options: TrustedOptions): Promise<TrustedList> {
  const { total, documents } = await read(new URLSearchParams({ search }), options);
  if (typeof total !== 'number' || !Array.isArray(documents)) throw new Error('The server gave no list of documents.');
  return {
    total,
    documents: documents.flatMap((one: unknown): readonly TrustedDocument[] => {
      const { id, name, kind } = Object(one) as Readonly<Record<string, unknown>>;
      if (typeof id !== 'string') return [];
      return [{ id, name: typeof name === 'string' ? name : null, kind: typeof kind === 'string' ? kind : '' }];
    }),
  };
}

/** Reads the text of a document. @throws {Error} if the server gives no text. Its message is one line with the reason */
export async function readDocument(id: string, options: TrustedOptions): Promise<string> {
  const { text } = await read(new URLSearchParams({ id }), options);
  if (typeof text !== 'string') throw new Error('The server gave no text of this document.');
  return text;
}

async function read(
  parameters: URLSearchParams,
  { fetch, signal }: TrustedOptions,
): Promise<Readonly<Record<string, unknown>>> {
  let response: Response;
  try {
    response = await fetch(`${path}?${parameters.toString()}`, { signal, headers: { Accept: 'application/json' } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error('The server cannot be reached.', { cause: error });
  }
  const answer = Object((await readJson(response)) ?? {}) as Readonly<Record<string, unknown>>;
  if (response.ok) return answer;
  const { fault } = answer;
  throw new Error(typeof fault === 'string' ? fault : `The server answered with HTTP ${response.status}.`);
}
