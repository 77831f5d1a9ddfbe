import type { Application, RegistrationRequest } from './application.ts';
import { readClientKeys } from './client-keys.ts';
import { InvalidRegistration } from './invalid-registration.ts';
import { nameFault, normalizedName, ownNameFault } from './name.ts';
import { openScopes, type ScopeCatalogue } from '../grants/scopes.ts';

/** What the check of one field may look at besides the field. */
export interface CheckContext
  extends Pick<Application, 'applicationType' | 'tokenEndpointAuthMethod' | 'grantTypes'>,
    Pick<RegistrationRequest, 'jwks'> {
  readonly catalogue: ScopeCatalogue;
  /** The scopes that the application may get. */
  readonly allowedScopes: ReadonlySet<string>;
  /** The public URL of this server, which no name may look like; null: the application may be called like the server. */
  readonly publicUrl: string | null;
}

/** The authorization code grant with refresh tokens. */
export const defaultGrantTypes: Application['grantTypes'] = ['authorization_code', 'refresh_token'];

/** Accepts every value of the type, for fields whose type allows nothing harmful. */
export function anyValue<Value>(given: Value): Value {
  return given;
}

/** @throws InvalidRegistration */
export function checkedName(given: string, { publicUrl }: CheckContext): string {
  const name = normalizedName(given);
  const fault = nameFault(name) ?? (publicUrl === null ? null : ownNameFault(name, publicUrl));
  if (fault !== null) throw new InvalidRegistration('name', fault);
  return name;
}

/** @throws InvalidRegistration for grant types that do not go together, or not with the authentication method */
export function checkedGrantTypes(
  given: Application['grantTypes'],
  { tokenEndpointAuthMethod }: CheckContext,
): Application['grantTypes'] {
  const grantTypes = [...new Set(given)];
  if (grantTypes.length === 0) throw new InvalidRegistration('grantTypes', 'expected 1 or more');
  if (grantTypes.includes('refresh_token') && !grantTypes.includes('authorization_code')) {
    throw new InvalidRegistration(
      'grantTypes',
      'expected authorization_code beside refresh_token: nothing else gives refresh tokens',
    );
  }
  if (grantTypes.includes('client_credentials') && tokenEndpointAuthMethod === 'none') {
    throw new InvalidRegistration(
      'grantTypes',
      'client_credentials is for an application that proves who it is (RFC 6749 §4.4)',
    );
  }
  return grantTypes;
}

/** @throws InvalidRegistration for an application that sends no authorization requests */
export function checkedPushed(given: boolean, { grantTypes }: CheckContext): boolean {
  if (given && !grantTypes.includes('authorization_code')) {
    throw new InvalidRegistration(
      'requirePushedAuthorizationRequests',
      'without authorization_code there are no authorization requests',
    );
  }
  return given;
}

/**
 * Reads the keys of `jwks`.
 *
 * @throws InvalidRegistration where the authentication method needs keys that are missing, or has none
 */
export function checkedKeys(
  _given: Application['keys'],
  { tokenEndpointAuthMethod, jwks = null }: CheckContext,
): Application['keys'] {
  if (tokenEndpointAuthMethod !== 'private_key_jwt') {
    if (jwks === null) return null;
    throw new InvalidRegistration('jwks', 'expected to be left out, since nothing but private_key_jwt needs it');
  }
  if (jwks === null) {
    throw new InvalidRegistration('jwks', 'expected its public keys, by which private_key_jwt is checked');
  }
  const keys = readClientKeys(jwks);
  if (typeof keys === 'string') throw new InvalidRegistration('jwks', keys);
  return keys;
}

/**
 * @param given null: every scope that requires no role
 * @throws InvalidRegistration for a scope that is unknown, or that the application may not get
 */
export function checkedScopes(
  given: readonly string[] | null,
  { catalogue, allowedScopes }: CheckContext,
): readonly string[] {
  const requested = given ?? [...openScopes(catalogue)];
  for (const [index, scope] of requested.entries()) {
    if (allowedScopes.has(scope)) continue;
    const fault = catalogue.has(scope)
      ? `${scope} requires a role, and applications that people register do not get such scopes`
      : `there is no scope ${JSON.stringify(scope.slice(0, 100))}`;
    throw new InvalidRegistration('scopes', fault, index);
  }
  return [...new Set(requested)];
}
