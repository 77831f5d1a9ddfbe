import { ClaimgateError } from '../../errors.ts';
import type { Application } from './applications.ts';

/** What is asked to be registered. Null counts as left out. */
export interface RegistrationRequest extends Pick<Application, 'name' | 'applicationType' | 'tokenEndpointAuthMethod'> {
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[] | null;
  /** Default: every scope that requires no role. */
  readonly scopes?: readonly string[] | null;
  /** Default: the code grant with refresh tokens. */
  readonly grantTypes?: Application['grantTypes'] | null;
  /** A JWK Set (RFC 7517 §5) as JSON text. */
  readonly jwks?: string | null;
  readonly dpopBoundAccessTokens?: boolean | null;
  readonly requirePushedAuthorizationRequests?: boolean | null;
}

/** What is asked to be changed. Null counts as left out. */
export type ChangesRequest = Partial<
  Readonly<Record<'redirectUris' | 'postLogoutRedirectUris' | 'scopes', readonly string[] | null>>
> & { readonly name?: string | null };

/** What somebody asked to register, or to change of an application, cannot be. */
export class InvalidRegistration extends ClaimgateError {
  /** The member of the request that is wrong. */
  readonly member: keyof RegistrationRequest;
  /** What was expected of it. */
  readonly fault: string;

  constructor(member: keyof RegistrationRequest, fault: string, index?: number) {
    const place = index === undefined ? '' : `[${index}]`;
    super('BAD_USER_INPUT', `input.${member}${place}: ${fault}.`);
    this.member = member;
    this.fault = fault;
  }
}
