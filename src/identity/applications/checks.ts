import { openScopes, type ScopeCatalogue } from '../grants/scopes.ts';
import { type ClientKey, readClientKeys } from './client-keys.ts';
import { nameFault, normalizedName, ownNameFault } from './name.ts';

/** How an application authenticates at the token endpoint (RFC 7591 §2). `none`: a public client. */
export type TokenEndpointAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
/** How an application gets tokens (RFC 7591 §2). */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';
/** The kind of device on which an application runs (OpenID Connect Dynamic Client Registration 1.0 §2). */
export type ApplicationType = 'web' | 'native';

/** Why the value of a field is not allowed. The message says what was expected. */
export class FieldFault extends Error {
  /** Which item is wrong, if the value is a list. */
  readonly index: number | undefined;

  constructor(expected: string, index?: number) {
    super(expected);
    this.index = index;
  }
}

/** The other values that the check of one field may use. */
export interface CheckContext {
  readonly applicationType: ApplicationType;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  readonly grantTypes: readonly GrantType[];
  /** The requested keys: a JWK Set (RFC 7517 §5) as JSON text. */
  readonly jwks?: string | null;
  readonly catalogue: ScopeCatalogue;
  /** The scopes that the application may get. */
  readonly allowedScopes: ReadonlySet<string>;
  /** The public URL of this server, for `ownNameFault`. Null: the name may look like the name of the server. */
  readonly publicUrl: string | null;
  /** The name of the product, for `ownNameFault`. Default: the name may look like it. */
  readonly productName?: string | undefined;
}

/** The authorization code grant with refresh tokens. */
export const defaultGrantTypes: readonly GrantType[] = ['authorization_code', 'refresh_token'];

/** Accepts every value. It is for fields whose type allows no harmful value. */
export function anyValue<Value>(given: Value): Value {
  return given;
}

/** @throws FieldFault */
export function checkedName(given: string, { publicUrl, productName }: CheckContext): string {
  const name = normalizedName(given);
  const fault = nameFault(name) ?? (publicUrl === null ? null : ownNameFault(name, publicUrl, productName));
  if (fault !== null) throw new FieldFault(fault);
  return name;
}

/** @throws FieldFault if the grant types cannot be combined with each other, or with the authentication method */
export function checkedGrantTypes(
  given: readonly GrantType[],
  { tokenEndpointAuthMethod }: CheckContext,
): readonly GrantType[] {
  const grantTypes = [...new Set(given)];
  if (grantTypes.length === 0) throw new FieldFault('expected 1 or more');
  if (grantTypes.includes('refresh_token') && !grantTypes.includes('authorization_code')) {
    throw new FieldFault('expected authorization_code beside refresh_token: nothing else gives refresh tokens');
  }
  if (grantTypes.includes('client_credentials') && tokenEndpointAuthMethod === 'none') {
    throw new FieldFault('client_credentials is for an application that proves who it is (RFC 6749 §4.4)');
  }
  return grantTypes;
}

/** @throws FieldFault for an application that sends no authorization requests */
export function checkedPushed(given: boolean, { grantTypes }: CheckContext): boolean {
  if (given && !grantTypes.includes('authorization_code')) {
    throw new FieldFault('without authorization_code there are no authorization requests');
  }
  return given;
}

/**
 * Reads the keys of `jwks`.
 *
 * @throws FieldFault if the authentication method needs keys and they are missing, or if it uses no keys and some are
 *   given
 */
export function checkedKeys(
  _given: readonly ClientKey[] | null,
  { tokenEndpointAuthMethod, jwks = null }: CheckContext,
): readonly ClientKey[] | null {
  if (tokenEndpointAuthMethod !== 'private_key_jwt') {
    if (jwks === null) return null;
    throw new FieldFault('expected to be left out, since nothing but private_key_jwt needs it');
  }
  if (jwks === null) {
    throw new FieldFault('expected its public keys, by which private_key_jwt is checked');
  }
  const keys = readClientKeys(jwks);
  if (typeof keys === 'string') throw new FieldFault(keys);
  return keys;
}

/**
 * @param given null: every scope that requires no role
 * @throws FieldFault if a scope is unknown, or the application cannot get it
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
    throw new FieldFault(fault, index);
  }
  return [...new Set(requested)];
}
