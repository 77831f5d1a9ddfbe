import { maxOperationChars } from './messages.ts';
import { safeHeaders } from './safe-headers.ts';

/** Whose token an operation was sent with. `typed`: a person typed an `Authorization` header in Sandbox. */
export type Credential = 'typed' | 'caller' | 'none';

interface RequestOptions {
  /** The absolute address of the API endpoint. */
  readonly endpoint: string;
  /** Sends a request without a token. */
  readonly fetch: Send;
  /** Returns the function that sends a request with the token of the signed-in caller. Null: no caller is signed in. */
  readonly fetchAsCaller: () => Send | null;
  /** Called before an operation is sent. */
  readonly onCredential: (credential: Credential) => void;
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** The `handleRequest` of `EmbeddedSandbox`. */
export type HandleRequest = (
  url: string,
  options: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: unknown },
) => Promise<Response>;

/** The longest body, in characters. It has space for the names of the members around the document and the variables. */
export const maxBodyChars: number = maxOperationChars + 10_000;

/**
 * Makes the function that sends the operations of the frame. The token of the signed-in caller is added to the request
 * of this page. The frame sees the answer and never the request.
 *
 * An `Authorization` header of the operation itself is respected: it is sent instead of the caller's token.
 *
 * The function trusts none of its arguments. It sends POST requests with JSON to the endpoint, without cookies, and with
 * the headers of `safeHeaders`. It follows no redirect.
 *
 * @throws Error for any other request, before anything is sent
 */
export function createHandleRequest(options: RequestOptions): HandleRequest {
  const { endpoint, fetchAsCaller, onCredential } = options;
  return async (url, { method, headers, body }) => {
    if (!URL.canParse(url) || new URL(url).href !== endpoint) throw new Error(`Requests go to ${endpoint} only`);
    if (method !== 'POST') throw new Error('Requests are sent with POST only');
    if (typeof body !== 'string') throw new Error('This server accepts JSON only');
    if (body.length > maxBodyChars) throw new Error(`A request has at most ${maxBodyChars} characters`);
    const { sent } = safeHeaders(headers);
    const isTyped = sent['authorization'] !== undefined;
    const asCaller = isTyped ? null : fetchAsCaller();
    onCredential(isTyped ? 'typed' : asCaller ? 'caller' : 'none');
    return (asCaller ?? options.fetch)(endpoint, {
      method: 'POST',
      headers: sent,
      body,
      mode: 'same-origin',
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
  };
}
