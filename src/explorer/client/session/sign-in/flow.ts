import type { AuthorizationResponse } from './response.ts';
import type { IssuedTokens } from '../tokens/token-mutations.ts';

/** What a sign-in requests. */
export interface SignInRequest {
  readonly scopes: readonly string[];
  /** Null: the authorization server decides what it shows. */
  readonly prompt: 'login' | 'none' | null;
  /** Seconds. */
  readonly maxAge: number | null;
  readonly acr: readonly string[];
}

/** An authorization request that has begun. Its secrets are in the closure of `finish`. */
export interface BegunSignIn {
  /** The address of the sign-in window. */
  readonly url: string;
  readonly state: string;
  /** How long the person has, in milliseconds. */
  readonly lifetimeMs: number;
  /** Exchanges the code of the response for tokens. @throws SessionError */
  finish(response: AuthorizationResponse): Promise<IssuedTokens>;
}

/** The way in which callers of one issuer get, renew and revoke tokens. All methods throw `SessionError`. */
export interface Flow {
  begin(request: SignInRequest): Promise<BegunSignIn>;
  refresh(refreshToken: string): Promise<IssuedTokens>;
  revoke(token: string): Promise<void>;
  /** Whether access tokens can be revoked, besides refresh tokens. */
  readonly revokesAccessTokens: boolean;
  /** The address of the sign-out page; null: none is known. */
  readonly endSessionUrl: string | null;
  /** The address at which a sign-in returns. */
  readonly redirectUri: string;
  /** Whether a sign-in can happen without a window. */
  readonly isSilent: boolean;
}
