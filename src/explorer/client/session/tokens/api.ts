import { readJson } from '../body.ts';
import { type Environment, SessionError } from '../caller.ts';
import { messageOf, textOfOthers } from '../text.ts';

/** Sends operations to the API. */
export interface Api {
  /**
   * Sends an operation.
   *
   * @param authorization the value of the `Authorization` header; null: no header
   * @returns `data` of the answer
   * @throws SessionError if there is no data
   */
  send(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    authorization?: string | null,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** How far the server's clock is ahead of this browser's, in milliseconds. Zero before the first answer. */
  clockAheadMs(): number;
}

/** The time for one request, in milliseconds. */
const timeoutMs = 30_000;

/** Statuses after which the same request may succeed later. */
const temporary: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Makes the sender of operations. @param endpoint the absolute URL of the API */
export function createApi(endpoint: string, { fetch, now }: Pick<Environment, 'fetch' | 'now'>): Api {
  let aheadMs = 0;

  async function post(body: string, authorization: string | null): Promise<Response> {
    try {
      return await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(authorization !== null && { authorization }),
        },
        body,
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new SessionError(`The server did not answer: ${messageOf(error)}`, { isTemporary: true });
    }
  }

  return {
    async send(document, variables, authorization = null) {
      const response = await post(JSON.stringify({ query: document, variables }), authorization);
      const date = Date.parse(response.headers.get('date') ?? '');
      // The header has whole seconds: its time is on average half a second in the past.
      if (!Number.isNaN(date)) aheadMs = date + 500 - now();
      const isTemporary = temporary.has(response.status);
      const answer = (await readJson(response)) as {
        data?: Record<string, unknown> | null;
        errors?: readonly { message?: unknown }[];
      } | null;
      if (answer?.data) return answer.data;
      const message = textOfOthers(answer?.errors?.[0]?.message);
      throw new SessionError(message || `The server answered with status ${response.status} and no data`, {
        isTemporary,
      });
    },
    clockAheadMs: () => aheadMs,
  };
}
