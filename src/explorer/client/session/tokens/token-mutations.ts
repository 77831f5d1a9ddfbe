import { SessionError } from '../caller.ts';
import type { Api } from './api.ts';
import { textOfOthers } from '../text.ts';

/** The tokens of an answer (RFC 6749 §5.1). */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** The lifetime of the access token, in seconds. Null: not known. */
  readonly expiresIn: number | null;
  readonly scopes: readonly string[];
}

type Mutation = 'exchangeAuthorizationCode' | 'refreshAccessToken' | 'beginAuthorization' | 'revokeToken';

const tokenPayload = `{
    ... on TokenSet { accessToken tokenType expiresIn refreshToken idToken scope }
    ... on OAuthError { error errorDescription }
  }`;

const documents: Readonly<Record<Mutation, string>> = {
  exchangeAuthorizationCode: `mutation ExplorerExchange($input: ExchangeAuthorizationCodeInput!) {
  exchangeAuthorizationCode(input: $input) ${tokenPayload}
}`,
  refreshAccessToken: `mutation ExplorerRefresh($input: RefreshAccessTokenInput!) {
  refreshAccessToken(input: $input) ${tokenPayload}
}`,
  beginAuthorization: `mutation ExplorerBegin($input: BeginAuthorizationInput!) {
  beginAuthorization(input: $input) {
    ... on BegunAuthorization { authorizationUrl transaction expiresIn }
    ... on OAuthError { error errorDescription }
  }
}`,
  revokeToken: `mutation ExplorerRevoke($input: RevokeTokenInput!) {
  revokeToken(input: $input) { error { error errorDescription } }
}`,
};

type Payload = Readonly<Record<string, unknown>>;

/** Sends one token mutation without an `Authorization` header. @throws SessionError for an `OAuthError` */
export async function mutate(api: Api, mutation: Mutation, input: Readonly<Record<string, unknown>>): Promise<Payload> {
  const data = await api.send(documents[mutation], { input });
  const payload = data[mutation];
  if (typeof payload !== 'object' || payload === null) throw unexpected(mutation);
  const answer = payload as Payload;
  const error = mutation === 'revokeToken' ? answer['error'] : answer;
  if (typeof error === 'object' && error !== null && 'error' in error && error.error) throw oauthError(error);
  return answer;
}

/** Sends a mutation that returns tokens. @throws SessionError */
export async function mutateForTokens(
  api: Api,
  mutation: 'exchangeAuthorizationCode' | 'refreshAccessToken',
  input: Readonly<Record<string, unknown>>,
): Promise<IssuedTokens> {
  const { accessToken, tokenType, expiresIn, refreshToken, idToken, scope } = await mutate(api, mutation, input);
  if (typeof accessToken !== 'string' || accessToken === '') throw unexpected(mutation);
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    throw new SessionError('The tokens of this sign-in are bound to a key. The explorer can send Bearer tokens only.');
  }
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : null,
    idToken: typeof idToken === 'string' ? idToken : null,
    expiresIn: typeof expiresIn === 'number' ? expiresIn : null,
    scopes: Array.isArray(scope) ? scope.filter((item): item is string => typeof item === 'string') : [],
  };
}

function unexpected(mutation: string): SessionError {
  return new SessionError(`The server answered ${mutation} without the expected fields`);
}

function oauthError(error: { error?: unknown; errorDescription?: unknown }): SessionError {
  const code = textOfOthers(error.error, 60);
  const description = textOfOthers(error.errorDescription);
  return new SessionError(description === '' ? code : `${description} (${code})`, {
    code,
    isTemporary: code === 'temporarily_unavailable' || code === 'server_error',
  });
}
