import { SessionError } from '../caller.ts';
import { textOfOthers } from '../text.ts';

/** The parameters of an authorization response (RFC 6749 §4.1.2, RFC 9207) that the callback page passes on. */
export interface AuthorizationResponse {
  readonly code: string | null;
  readonly state: string;
  readonly iss: string | null;
  readonly error: string | null;
  readonly errorDescription: string | null;
}

/** The longest accepted values, in characters. */
const maxLengths = { code: 4_096, state: 512, iss: 2_048, error: 100, error_description: 1_000 } as const;

/** Returns the name of the channel on which the callback page posts the response of a request. */
export function channelName(state: string): string {
  return `claimgate-explorer ${state}`;
}

/**
 * Reads the parameters of a response from the query of an address.
 *
 * @returns null if there is no `state`, or if a parameter is repeated or too long
 */
export function responseOfQuery(query: string): AuthorizationResponse | null {
  const parameters = new URLSearchParams(query);
  const message: Record<string, string> = {};
  for (const name of Object.keys(maxLengths)) {
    const values = parameters.getAll(name);
    if (values.length > 1) return null;
    if (values[0] !== undefined) message[name] = values[0];
  }
  return responseOfMessage(message);
}

/** Reads a message of the callback page. @returns null if it is not an authorization response */
export function responseOfMessage(message: unknown): AuthorizationResponse | null {
  if (typeof message !== 'object' || message === null) return null;
  const values = message as Readonly<Record<string, unknown>>;
  for (const [name, maxLength] of Object.entries(maxLengths)) {
    const value = values[name];
    if (value !== undefined && value !== null && (typeof value !== 'string' || value.length > maxLength)) return null;
  }
  const text = (name: keyof typeof maxLengths): string | null => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const state = text('state');
  if (state === null || (text('code') === null && text('error') === null)) return null;
  return {
    code: text('code'),
    state,
    iss: text('iss'),
    error: text('error'),
    errorDescription: text('error_description'),
  };
}

/** Returns the message that the callback page posts. */
export function messageOfResponse({ errorDescription, ...response }: AuthorizationResponse): unknown {
  return { ...response, error_description: errorDescription };
}

/** The errors of authorization responses, in words. */
const inWords: Readonly<Record<string, string>> = {
  access_denied: 'The sign-in was refused or cancelled',
  login_required: 'No account is signed in in this browser',
  consent_required: 'The person has not allowed this yet',
  interaction_required: 'The authorization server has to show a page first',
  invalid_scope: 'A scope was not accepted',
  unmet_authentication_requirements: 'No sign-in here reaches the required authentication context',
  temporarily_unavailable: 'The authorization server is not available at present',
  server_error: 'The authorization server failed',
};

/**
 * Returns the code of a response.
 *
 * @throws SessionError if the response is an error. The text of the authorization server is shortened and quoted
 */
export function codeOf({ code, error, errorDescription }: AuthorizationResponse): string {
  if (error === null && code !== null) return code;
  const shown = textOfOthers(error, 60) || 'no code';
  const words = Object.hasOwn(inWords, shown) ? inWords[shown] : 'The authorization server refused the sign-in';
  const description = textOfOthers(errorDescription);
  throw new SessionError(`${words} (${shown}${description === '' ? '' : `: ${description}`}).`, { code: shown });
}
