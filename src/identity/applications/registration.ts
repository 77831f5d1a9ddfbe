import type { ApplicationChanges } from './changes.ts';
import { nameFault, normalizedName, ownNameFault } from './name.ts';
import type { Application, Registration } from './applications.ts';
import { readClientKeys } from './client-keys.ts';
import { firstPartyClientId } from './first-party.ts';
import { checkedUris, redirectUrisFor } from './redirect-uri-lists.ts';
import { type ChangesRequest, InvalidRegistration, type RegistrationRequest } from './registration-request.ts';
import { allowedScopes, openScopes, type ScopeCatalogue } from '../grants/scopes.ts';

/** What a registration is checked against. */
export interface RegistrationRules {
  readonly catalogue: ScopeCatalogue;
  /** Of this server: no application is called like its host. */
  readonly publicUrl: string;
}

/**
 * What somebody asks to register, checked: an application for everyone, with scopes that require no role.
 *
 * @param accountId who registers it; null: it registers itself
 * @throws InvalidRegistration
 */
export function checkedRegistration(
  input: RegistrationRequest,
  { catalogue, publicUrl }: RegistrationRules,
  accountId: string | null,
): Registration {
  const protocol = checkedProtocol(input);
  return {
    name: checkedName(input.name, publicUrl),
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
 * @throws InvalidRegistration
 */
export function checkedChanges(
  input: ChangesRequest,
  present: Application,
  { catalogue, publicUrl }: RegistrationRules,
  administers: boolean,
): ApplicationChanges {
  const { name, redirectUris, postLogoutRedirectUris, scopes } = input;
  const allowed = administers
    ? new Set(catalogue.keys())
    : openScopes(catalogue).union(allowedScopes(catalogue, present.scopes));
  return {
    ...(typeof name === 'string' && { name: changedName(name, present, publicUrl) }),
    ...(redirectUris && {
      redirectUris: redirectUrisFor(present.grantTypes, redirectUris, present.applicationType),
    }),
    ...(postLogoutRedirectUris && {
      postLogoutRedirectUris: checkedUris('postLogoutRedirectUris', postLogoutRedirectUris, present.applicationType),
    }),
    ...(scopes && { scopes: checkedScopes(scopes, allowed, catalogue) }),
  };
}

function checkedName(given: string, publicUrl: string | null): string {
  const name = normalizedName(given);
  const fault = nameFault(name) ?? (publicUrl === null ? null : ownNameFault(name, publicUrl));
  if (fault !== null) throw new InvalidRegistration('name', fault);
  return name;
}

/** An application may keep the name that it has, and the one that comes with the server is called like it. */
function changedName(given: string, { id, name }: Application, publicUrl: string): string {
  if (given === name) return name;
  return checkedName(given, id === firstPartyClientId ? null : publicUrl);
}

/** How it gets tokens and proves itself, as far as that goes together. */
function checkedProtocol(
  input: RegistrationRequest,
): Pick<Application, 'grantTypes' | 'keys' | 'dpopBound' | 'pushedRequestsOnly'> {
  const { tokenEndpointAuthMethod: method, jwks } = input;
  const grantTypes = [...new Set(input.grantTypes ?? (['authorization_code', 'refresh_token'] as const))];
  const pushedRequestsOnly = input.requirePushedAuthorizationRequests ?? false;
  if (grantTypes.length === 0) throw new InvalidRegistration('grantTypes', 'expected 1 or more');
  const hasCode = grantTypes.includes('authorization_code');
  if (grantTypes.includes('refresh_token') && !hasCode) {
    throw new InvalidRegistration(
      'grantTypes',
      'expected authorization_code beside refresh_token: nothing else gives refresh tokens',
    );
  }
  if (grantTypes.includes('client_credentials') && method === 'none') {
    throw new InvalidRegistration(
      'grantTypes',
      'client_credentials is for an application that proves who it is (RFC 6749 §4.4)',
    );
  }
  if (pushedRequestsOnly && !hasCode) {
    throw new InvalidRegistration(
      'requirePushedAuthorizationRequests',
      'without authorization_code there are no authorization requests',
    );
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
    if (jwks !== null)
      throw new InvalidRegistration('jwks', 'expected to be left out, since nothing but private_key_jwt needs it');
    return null;
  }
  if (jwks === null)
    throw new InvalidRegistration('jwks', 'expected its public keys, by which private_key_jwt is checked');
  const keys = readClientKeys(jwks);
  if (typeof keys === 'string') throw new InvalidRegistration('jwks', keys);
  return keys;
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
    throw new InvalidRegistration('scopes', fault, index);
  }
  return [...new Set(asked)];
}
