import { readJson } from '../../session/body.ts';
import { explainDocument } from '../../../documents/explain.ts';
import { type Explanation, explanationIn } from '../explanation.ts';
import type { Askable } from './question.ts';

/** How long the page waits for an answer, in milliseconds. */
const timeoutMs = 30_000;

/** What the requests of the pane need. */
export interface AskOptions {
  /** The address of the GraphQL API. */
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  /** The value of the Authorization header of a caller. `null`: it has no token. */
  readonly authorization: (callerId: string) => Promise<string | null>;
}

/**
 * Runs a document of this page for a caller.
 *
 * @returns the `data` of the answer
 * @throws {Error} whose message says in one line why there is no answer
 */
export async function askServer(
  { endpoint, fetch, authorization }: AskOptions,
  {
    document,
    variables,
    callerId,
    signal,
  }: { document: string; variables: object; callerId: string; signal: AbortSignal },
): Promise<unknown> {
  const header = await authorization(callerId);
  signal.throwIfAborted();
  let response: Response;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(header !== null && { Authorization: header }),
      },
      body: JSON.stringify({ query: document, variables }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error('The server cannot be reached. The needs below may be out of date.', { cause: error });
  }
  const answer: unknown = await readJson(response);
  if (typeof answer !== 'object' || answer === null) throw new Error(withoutAnswer(response.status));
  const data: unknown = 'data' in answer ? answer.data : null;
  const [error]: unknown[] = 'errors' in answer && Array.isArray(answer.errors) ? answer.errors : [];
  if (error !== undefined) throw new Error(reasonOf(error, response.status));
  return data;
}

/** Asks what an operation needs for a caller. @throws {Error} as `askServer`, or if the answer has no explanation */
export async function explainFor(
  options: AskOptions & { readonly field: string },
  question: Askable,
  callerId: string,
  signal: AbortSignal,
): Promise<Explanation> {
  const document = explainDocument(options.field);
  const explanation = explanationIn(await askServer(options, { document, variables: question, callerId, signal }));
  if (!explanation) throw new Error('The server gave no explanation of this operation.');
  return explanation;
}

function withoutAnswer(status: number): string {
  if (status === 429)
    return 'The server limits the requests of this address. The needs come back with the next change.';
  return `The server answered with HTTP ${status} and without a GraphQL answer.`;
}

/** The longest message that is shown, in UTF-16 code units. */
const maxMessageLength = 400;

function reasonOf(error: unknown, status: number): string {
  const { message, extensions } = Object(error) as { message?: unknown; extensions?: { code?: unknown } | null };
  const code = extensions?.code;
  const text =
    typeof message === 'string' ? message.replaceAll(/\s+/g, ' ').slice(0, maxMessageLength) : withoutAnswer(status);
  if (/^Cannot query field "(?:\w*[eE]xplainOperation|\w*[sS]chemaRules)"/.test(text)) {
    return 'This server does not explain operations: introspection is off, or its modules use the names of these fields.';
  }
  if (code === 'INVALID_TOKEN') return `The server refuses the token of this caller. ${text}`;
  if (code === 'UNAUTHENTICATED') return `Only callers with a token may ask what an operation needs here. ${text}`;
  return text;
}
