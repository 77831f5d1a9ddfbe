import { calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } from 'openid-client';
import { type Account, authorize, type Person } from './person.ts';

/** An answer of the API endpoint. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: any;
    readonly errors?: readonly { message: string; path?: readonly (string | number)[]; extensions: Record<string, any> }[];
  };
}

/** Asks the API endpoint as a client would. */
export async function query(
  url: string,
  document: string,
  options: { variables?: Record<string, unknown>; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { variables, token, headers } = options;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query: document, ...(variables && { variables }) }),
  });
  // The body is what the test asserts about.
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

export const exchangeMutation = `mutation ($input: ExchangeAuthorizationCodeInput!) {
  exchangeAuthorizationCode(input: $input) {
    ... on TokenSet { accessToken tokenType expiresIn refreshToken idToken scope }
    ... on OAuthError { error errorDescription }
  }
}`;

export const refreshMutation = `mutation ($input: RefreshAccessTokenInput!) {
  refreshAccessToken(input: $input) {
    ... on TokenSet { accessToken tokenType expiresIn refreshToken idToken scope }
    ... on OAuthError { error errorDescription }
  }
}`;

/** What a client keeps between the authorization request and the exchange. */
export interface CodeInput {
  readonly clientId: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly clientSecret?: string;
}

export interface CodeOptions {
  readonly scope?: string;
  readonly clientId?: string;
  readonly redirectUri?: string;
  readonly account?: Account;
  readonly person?: Person;
  readonly decision?: 'allow' | 'deny';
  /** Changes the authorization request. */
  readonly parameters?: Record<string, string | undefined>;
}

/** Goes from the authorization request to the callback. @returns what comes back, and what the client kept */
export async function requestCode(
  url: string,
  options: CodeOptions = {},
): Promise<{ callback: URL; state: string; input: CodeInput }> {
  const { scope = 'profile applications grants', clientId = 'claimgate', redirectUri = 'http://127.0.0.1:5555/callback' } = options;
  const codeVerifier = randomPKCECodeVerifier();
  const state = randomState();
  const address = new URL('/oauth/authorize', url);
  const parameters: Record<string, string | undefined> = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...options.parameters,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) address.searchParams.set(name, value);
  const callback = await authorize(address, options);
  const code = callback.searchParams.get('code') ?? '';
  return { callback, state, input: { clientId, code, codeVerifier, redirectUri } };
}

/** The whole path: sign in, allow, exchange. */
export async function signInFor(
  url: string,
  options: CodeOptions & { clientSecret?: string } = {},
): Promise<{ accessToken: string; refreshToken: string; idToken: string | null; scope: string[] }> {
  const { input } = await requestCode(url, options);
  const client = { ...input, ...(options.clientSecret && { clientSecret: options.clientSecret }) };
  const { body } = await query(url, exchangeMutation, { variables: { input: { client } } });
  const payload = body.data?.exchangeAuthorizationCode;
  if (!payload?.accessToken) throw new Error(`no tokens: ${JSON.stringify(body)}`);
  return payload;
}
