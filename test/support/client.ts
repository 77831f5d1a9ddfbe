import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } from 'openid-client';
import { authorize, type Person } from './person.ts';
import type { Account } from './server.ts';

/** An answer of the API endpoint. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: any;
    readonly errors?: readonly {
      message: string;
      path?: readonly (string | number)[];
      extensions: Record<string, any>;
    }[];
  };
}

/** Sends an operation to the API endpoint. */
export async function query(
  url: string,
  document: string,
  options: {
    variables?: Record<string, unknown>;
    operationName?: string;
    token?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const { variables, operationName, token, headers } = options;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query: document, variables, operationName }),
  });
  // `as`: the test asserts what the body is.
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

/** The values that a client stores between the authorization request and the exchange. */
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
  /** Fields that replace fields of the consent form. */
  readonly consent?: Record<string, string>;
  /** Changes the authorization request. */
  readonly parameters?: Record<string, string | undefined>;
}

/**
 * Returns the address of an authorization request of the first-party application. It has the example challenge of RFC
 * 7636 appendix B.
 */
export function authorizeAddress(url: string, changes: Record<string, string> = {}): string {
  const address = new URL('/oauth/authorize', url);
  address.search = new URLSearchParams({
    client_id: 'claimgate',
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1:5555/callback',
    scope: 'profile',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...changes,
  }).toString();
  return address.href;
}

/**
 * Sends an authorization request and follows it to the callback. @returns the callback with its parameters, and the
 * values that the client stored
 */
export async function requestCode(
  url: string,
  options: CodeOptions = {},
): Promise<{ callback: URL; state: string; input: CodeInput }> {
  const {
    scope = 'profile applications grants',
    clientId = 'claimgate',
    redirectUri = 'http://127.0.0.1:5555/callback',
  } = options;
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
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) address.searchParams.set(name, value);
  const callback = await authorize(address, options);
  const code = callback.searchParams.get('code') ?? '';
  return { callback, state, input: { clientId, code, codeVerifier, redirectUri } };
}

/** Signs in, allows the request, and exchanges the code. */
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

export const revokeMutation = `mutation ($input: RevokeTokenInput!) {
  revokeToken(input: $input) { error { error errorDescription } }
}`;

/** The answer of a token mutation: the members of a TokenSet or of an OAuthError. */
export type TokenPayload = Record<string, any>;

/** Exchanges a code with the mutation. */
export async function exchange(url: string, client: CodeInput): Promise<TokenPayload> {
  return mutate(url, exchangeMutation, { client });
}

/** Refreshes tokens with the mutation. */
export async function refresh(
  url: string,
  input: { refreshToken: string; clientId?: string; clientSecret?: string; scope?: readonly string[] },
): Promise<TokenPayload> {
  return mutate(url, refreshMutation, { clientId: 'claimgate', ...input });
}

/** Revokes a token with the mutation. @returns `{ error }` */
export async function revoke(
  url: string,
  input: { token: string; clientId?: string; clientSecret?: string },
): Promise<TokenPayload> {
  return mutate(url, revokeMutation, { clientId: 'claimgate', ...input });
}

async function mutate(url: string, mutation: string, input: Record<string, unknown>): Promise<TokenPayload> {
  const { body } = await query(url, mutation, { variables: { input } });
  const [payload] = Object.values<TokenPayload>(body.data ?? {});
  if (!payload) throw new Error(`no payload: ${JSON.stringify(body)}`);
  return payload;
}

/** Posts a form to an endpoint of the authorization server, with the client secret in the header if there is one. */
export async function postForm(
  url: string,
  path: '/oauth/token' | '/oauth/revoke' | '/oauth/introspect' | '/oauth/par',
  fields: Record<string, string>,
  basic?: { readonly clientId: string; readonly clientSecret: string },
): Promise<{ status: number; headers: Headers; body: Record<string, any> }> {
  const credentials = basic && Buffer.from(`${basic.clientId}:${basic.clientSecret}`).toString('base64');
  const response = await fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: credentials ? { authorization: `Basic ${credentials}` } : {},
  });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: answer === '' ? {} : JSON.parse(answer) };
}

/** Returns the form for the token endpoint that exchanges a code. */
export function codeForm({ clientId, code, codeVerifier, redirectUri }: CodeInput): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: codeVerifier,
    redirect_uri: redirectUri,
  };
}

/**
 * Registers an application. By default it is confidential and on a web server. @param token with the scope
 * `applications`
 */
export async function registerApplication(
  url: string,
  token: string,
  changes: Record<string, unknown> = {},
): Promise<{ clientId: string; clientSecret: string; redirectUri: string; scopes: string[] }> {
  const input = {
    name: 'Example',
    redirectUris: ['https://app.example/callback'],
    applicationType: 'WEB',
    tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    ...changes,
  };
  const document = `mutation ($input: RegisterApplicationInput!) {
    registerApplication(input: $input) { application { clientId redirectUris scopes } clientSecret }
  }`;
  const { body } = await query(url, document, { token, variables: { input } });
  if (!body.data) throw new Error(`not registered: ${JSON.stringify(body)}`);
  const { application, clientSecret } = body.data.registerApplication;
  return {
    clientId: application.clientId,
    clientSecret,
    redirectUri: application.redirectUris[0],
    scopes: application.scopes,
  };
}

/**
 * Sends a text unchanged. It is for requests that no HTTP client sends.
 *
 * @param request a request after which the server closes the connection: it has `Connection: close`, or is malformed
 * @returns everything that the server sends
 */
export async function sendRaw(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.setTimeout(5_000, () => socket.destroy(new Error('the server did not hang up')));
  // `end` would close the client's half. The server would then treat the client as disconnected.
  socket.write(request);
  return text(socket);
}
