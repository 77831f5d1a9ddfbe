import { ClaimgateError } from '../errors.ts';
import type { ApplicationChanges } from '../identity/application-changes.ts';
import type { Application, Registration } from '../identity/applications.ts';
import { readClientKeys } from '../identity/client-keys.ts';
import { redirectUriFault } from '../identity/redirect-uris.ts';
import { allowedScopes, openScopes, type ScopeCatalogue } from '../identity/scopes.ts';
import type { RegisterApplicationInput, UpdateApplicationInput } from './generated.ts';

const longestName = 100;
const mostRedirectUris = 10;
const longestRedirectUri = 1000;

/** Control and format characters, line breaks, halves of surrogate pairs, and what nobody sees: a name is read on the consent page. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** What a name may not begin with, in any case: nobody shall seem to be this server. */
const ownName = /^claimgate\b/i;

/**
 * What a person asks to register, checked: an application for everyone, with scopes that require no role.
 *
 * @param accountId who registers it
 * @throws ClaimgateError `BAD_USER_INPUT`, which names the field and what was expected
 */
export function checkedRegistration(
  input: RegisterApplicationInput,
  catalogue: ScopeCatalogue,
  accountId: string,
): Registration {
  const protocol = checkedProtocol(input);
  return {
    name: checkedName(input.name),
    tokenEndpointAuthMethod: input.tokenEndpointAuthMethod,
    applicationType: input.applicationType,
    ...protocol,
    redirectUris: redirectUrisFor(protocol.grantTypes, input.redirectUris, input.applicationType),
    postLogoutRedirectUris: checkedUris(
      'postLogoutRedirectUris',
      input.postLogoutRedirectUris ?? [],
      input.applicationType,
    ),
    scopes: checkedScopes(input.scopes ?? [...openScopes(catalogue)], openScopes(catalogue), catalogue),
    registeredBy: accountId,
  };
}

/**
 * What shall change of an application, checked. Null counts as left out.
 *
 * @param administers whether an administrator asks: only they give an application scopes that require a role. Whoever
 *   registered it may leave it those that it has, and take them from it.
 * @throws ClaimgateError `BAD_USER_INPUT`, which names the field and what was expected
 */
export function checkedChanges(
  input: Pick<UpdateApplicationInput, 'name' | 'redirectUris' | 'postLogoutRedirectUris' | 'scopes'>,
  present: Application,
  catalogue: ScopeCatalogue,
  administers: boolean,
): ApplicationChanges {
  const { name, redirectUris, postLogoutRedirectUris, scopes } = input;
  const allowed = administers
    ? new Set(catalogue.keys())
    : openScopes(catalogue).union(allowedScopes(catalogue, present.scopes));
  return {
    ...(typeof name === 'string' && { name: checkedName(name) }),
    ...(redirectUris && {
      redirectUris: redirectUrisFor(present.grantTypes, redirectUris, present.applicationType),
    }),
    ...(postLogoutRedirectUris && {
      postLogoutRedirectUris: checkedUris('postLogoutRedirectUris', postLogoutRedirectUris, present.applicationType),
    }),
    ...(scopes && { scopes: checkedScopes(scopes, allowed, catalogue) }),
  };
}

function checkedName(given: string): string {
  const name = given.normalize('NFC').trim();
  if (name === '' || name.length > longestName || unprintable.test(name)) {
    throw bad('name', `expected 1 to ${longestName} printable characters in one line`);
  }
  if (ownName.test(name)) throw bad('name', 'expected a name of its own: this is the name of the server');
  return name;
}

/** How it gets tokens and proves itself, as far as that goes together. */
function checkedProtocol(
  input: RegisterApplicationInput,
): Pick<Application, 'grantTypes' | 'keys' | 'dpopBound' | 'pushedRequestsOnly'> {
  const { tokenEndpointAuthMethod: method, jwks } = input;
  const grantTypes = [...new Set(input.grantTypes ?? (['authorization_code', 'refresh_token'] as const))];
  const pushedRequestsOnly = input.requirePushedAuthorizationRequests ?? false;
  if (grantTypes.length === 0) throw bad('grantTypes', 'expected 1 or more');
  const hasCode = grantTypes.includes('authorization_code');
  if (grantTypes.includes('refresh_token') && !hasCode) {
    throw bad('grantTypes', 'REFRESH_TOKEN needs AUTHORIZATION_CODE: nothing else gives refresh tokens');
  }
  if (grantTypes.includes('client_credentials') && method === 'none') {
    throw bad('grantTypes', 'CLIENT_CREDENTIALS is for an application that proves who it is (RFC 6749 §4.4)');
  }
  if (pushedRequestsOnly && !hasCode) {
    throw bad('requirePushedAuthorizationRequests', 'without AUTHORIZATION_CODE there are no authorization requests');
  }
  return {
    grantTypes,
    keys: checkedKeys(method, jwks ?? null),
    dpopBound: input.dpopBoundAccessTokens ?? false,
    pushedRequestsOnly,
  };
}

function checkedKeys(method: Application['tokenEndpointAuthMethod'], jwks: string | null): Application['keys'] {
  if (method !== 'private_key_jwt') {
    if (jwks !== null) throw bad('jwks', 'expected to be left out, since nothing but PRIVATE_KEY_JWT needs it');
    return null;
  }
  if (jwks === null) throw bad('jwks', 'expected its public keys, by which PRIVATE_KEY_JWT is checked');
  const keys = readClientKeys(jwks);
  if (typeof keys === 'string') throw bad('jwks', keys);
  return keys;
}

function redirectUrisFor(
  grantTypes: Application['grantTypes'],
  uris: readonly string[],
  applicationType: Registration['applicationType'],
): readonly string[] {
  if (grantTypes.includes('authorization_code')) return checkedRedirectUris(uris, applicationType);
  if (uris.length > 0) throw bad('redirectUris', 'expected none, since without AUTHORIZATION_CODE nobody is sent back');
  return uris;
}

function checkedRedirectUris(
  uris: readonly string[],
  applicationType: Registration['applicationType'],
): readonly string[] {
  if (uris.length === 0) throw bad('redirectUris', `expected 1 to ${mostRedirectUris}, all different`);
  return checkedUris('redirectUris', uris, applicationType);
}

function checkedUris(
  field: 'redirectUris' | 'postLogoutRedirectUris',
  uris: readonly string[],
  applicationType: Registration['applicationType'],
): readonly string[] {
  if (uris.length > mostRedirectUris || new Set(uris).size < uris.length) {
    throw bad(field, `expected ${field === 'redirectUris' ? '1 to' : 'up to'} ${mostRedirectUris}, all different`);
  }
  for (const [index, uri] of uris.entries()) {
    // URL parsers drop spaces and line breaks; a redirect URI is compared as it was written.
    const fault = /^[\x21-\x7e]+$/.test(uri)
      ? redirectUriFault(uri, applicationType)
      : 'it holds a character no URI has';
    if (uri.length > longestRedirectUri)
      throw bad(`${field}[${index}]`, `longer than ${longestRedirectUri} characters`);
    if (fault !== null) throw bad(`${field}[${index}]`, fault);
  }
  return uris;
}

function checkedScopes(
  asked: readonly string[],
  allowed: ReadonlySet<string>,
  catalogue: ScopeCatalogue,
): readonly string[] {
  for (const [index, scope] of asked.entries()) {
    if (allowed.has(scope)) continue;
    const fault = catalogue.has(scope)
      ? `${scope} requires a role, and applications that people register do not get such scopes`
      : `there is no scope ${JSON.stringify(scope.slice(0, 100))}`;
    throw bad(`scopes[${index}]`, fault);
  }
  return [...new Set(asked)];
}

function bad(field: string, fault: string): ClaimgateError {
  return new ClaimgateError('BAD_USER_INPUT', `input.${field}: ${fault}.`);
}
