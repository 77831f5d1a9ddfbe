import type { AnswerWithErrors } from '../denied.ts';

/** The answer to an operation over HTTP. `denied` accepts it. */
export interface ServerAnswer extends AnswerWithErrors {
  readonly status: number;
  readonly headers: Headers;
  // `any`: the test knows what it has asked for.
  readonly data?: any; // oxlint-disable-line typescript/no-explicit-any
  readonly errors?: readonly ServerError[];
}

/** An error of an answer. */
export interface ServerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/**
 * Sends an operation to the API endpoint by POST.
 *
 * @param credential - an access token; or the headers of a request, for example of a bound token. Default: no token
 */
export type ServerAsk = (
  document: string,
  variables?: Readonly<Record<string, unknown>>,
  credential?: string | Readonly<Record<string, string>> | null,
) => Promise<ServerAnswer>;

/** Makes the function that sends operations to a server. @param url - the public URL of the server */
export function createAsk(url: string): ServerAsk {
  return async (document, variables = {}, credential = null) => {
    const headers = typeof credential === 'string' ? { authorization: `Bearer ${credential}` } : credential;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: document, variables }),
    });
    // jest runs tests in a realm of their own, and `response.json()` would make objects of another one. The API endpoint
    // answers every POST with a JSON object of this shape.
    const { data, errors } = JSON.parse(await response.text()) as Pick<ServerAnswer, 'data' | 'errors'>;
    return {
      status: response.status,
      headers: response.headers,
      ...(data !== undefined && { data }),
      ...(errors && { errors }),
    };
  };
}
