import type { TokenEndpointResponse } from 'openid-client';
import { withDeadline } from '../../protocol/deadline.ts';
import { notify } from '../../protocol/notify.ts';
import { isRecord } from '../../protocol/record.ts';
import type { Client } from '../client.ts';
import { type ExchangeFailure, failureOfAnswer } from '../failure.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import { tokenSet } from '../token-set.ts';
import {
  type CallOrigin,
  checkedExchange,
  type Exchange,
  type RevocationResult,
  type TokenResult,
} from './exchange.ts';

/** Passes a form to an endpoint in this process. Rejects if the endpoint gives no answer. */
type Post = (request: {
  readonly path: string;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly address: string;
}) => Promise<Answer>;

interface Answer {
  readonly status: number;
  /** @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

export interface InProcessExchangeOptions {
  readonly issuer: string;
  readonly tokenPath: string;
  readonly revocationPath: string;
  readonly post: Post;
  /** Time for one call. Default: 5. */
  readonly timeoutSeconds?: number;
  /** Logs a failed call that the client did not cause. Errors that it throws are ignored. Default: no-op. */
  readonly onFailure?: (failure: ExchangeFailure) => void;
}

/** A failed call. */
interface Failed {
  readonly ok: false;
  readonly error: OAuthError;
}

/**
 * Makes the exchange with an authorization server in this process. It checks, sends and returns the same as
 * `createExchange`, which uses openid-client and makes four times as many objects.
 *
 * It checks the types of the members of an answer. It does not check the claims of an ID token, because the answer
 * comes from this process.
 */
export function createInProcessExchange(options: InProcessExchangeOptions): Exchange {
  const { issuer, tokenPath, revocationPath, post, timeoutSeconds = 5, onFailure } = options;

  /** Sends a form. @returns the answer, or the error if there is none */
  async function send(
    { address }: CallOrigin,
    client: Client,
    path: string,
    form: URLSearchParams,
  ): Promise<Answer | Failed> {
    const headers: Record<string, string> = { accept: 'application/json', 'content-type': formType };
    authenticate(client, form, headers);
    try {
      const answer = post({ path, headers, body: form.toString(), address });
      return await withDeadline(answer, timeoutSeconds * 1_000, () =>
        failed(oauthError('temporarily_unavailable'), 'time-out'),
      );
    } catch {
      return failed(oauthError('server_error'), 'no answer');
    }
  }

  function failed(error: OAuthError, reason: string): Failed {
    if (error.error === 'server_error' || error.error === 'temporarily_unavailable') {
      notify(onFailure, { issuer, error: error.error, reason });
    }
    return { ok: false, error };
  }

  function refused({ status, header, body }: Answer): Failed {
    const { error } = recordOf(body) ?? {};
    const code = typeof error === 'string' ? error : undefined;
    return failed(failureOfAnswer(status, code, header('retry-after')), `status ${status}`);
  }

  return checkedExchange({
    async grant(origin, client, grantType, parameters): Promise<TokenResult> {
      const form = new URLSearchParams(parameters);
      form.set('grant_type', grantType);
      const answer = await send(origin, client, tokenPath, form);
      if ('ok' in answer) return answer;
      if (answer.status !== 200) return refused(answer);
      const members = tokenMembers(answer.body);
      return members
        ? { ok: true, tokens: tokenSet(members) }
        : failed(oauthError('server_error'), 'malformed token response');
    },

    async revoke(origin, client, token): Promise<RevocationResult> {
      const answer = await send(origin, client, revocationPath, new URLSearchParams({ token }));
      if ('ok' in answer) return answer;
      return answer.status === 200 ? { ok: true } : refused(answer);
    },
  });
}

const formType = 'application/x-www-form-urlencoded;charset=UTF-8';

/** Adds the credentials of a client to its request (RFC 6749 §2.3.1). */
function authenticate(
  { clientId, tokenEndpointAuthMethod, clientSecret }: Client,
  form: URLSearchParams,
  headers: Record<string, string>,
): void {
  if (tokenEndpointAuthMethod === 'client_secret_basic' && clientSecret !== null) {
    const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
    return;
  }
  form.set('client_id', clientId);
  if (tokenEndpointAuthMethod === 'client_secret_post' && clientSecret !== null)
    form.set('client_secret', clientSecret);
}

/** Parses an object. Undefined: the text is not JSON, or not an object. */
function recordOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the members of a token response (RFC 6749 §5.1). Undefined: a member is absent or has another type. */
function tokenMembers(body: string): TokenEndpointResponse | undefined {
  const { access_token, token_type, expires_in, refresh_token, id_token, scope } = recordOf(body) ?? {};
  const type = typeof token_type === 'string' ? token_type.toLowerCase() : '';
  if (typeof access_token !== 'string' || access_token === '' || (type !== 'bearer' && type !== 'dpop'))
    return undefined;
  if (!isOptional(expires_in, 'number')) return undefined;
  if (!isOptional(refresh_token, 'string') || !isOptional(id_token, 'string') || !isOptional(scope, 'string'))
    return undefined;
  return {
    access_token,
    token_type: type,
    ...(expires_in !== undefined && { expires_in }),
    ...(refresh_token !== undefined && { refresh_token }),
    ...(id_token !== undefined && { id_token }),
    ...(scope !== undefined && { scope }),
  };
}

interface TypeNames {
  readonly string: string;
  readonly number: number;
}

function isOptional<Name extends keyof TypeNames>(value: unknown, type: Name): value is TypeNames[Name] | undefined {
  return value === undefined || typeof value === type;
}
