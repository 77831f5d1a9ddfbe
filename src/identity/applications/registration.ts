import { allowedScopes, openScopes, type ScopeCatalogue } from '../grants/scopes.ts';
import type {
  Application,
  ApplicationChanges,
  ChangeableField,
  ChangesRequest,
  Registration,
  RegistrationRequest,
} from './application.ts';
import { defaultGrantTypes } from './checks.ts';
import { checkedFields } from './fields.ts';
import { firstPartyClientId } from './first-party.ts';

/** What a registration is checked against. */
export interface RegistrationRules {
  readonly catalogue: ScopeCatalogue;
  /** The public URL of this server: no application may be called like its host. */
  readonly publicUrl: string;
}

/**
 * Checks a registration. The application gets scopes that require no role, and no others.
 *
 * @param accountId the account that registers the application; null: the application registers itself
 * @throws InvalidRegistration for the first field that is not allowed
 */
export function checkedRegistration(
  request: RegistrationRequest,
  { catalogue, publicUrl }: RegistrationRules,
  accountId: string | null,
): Registration {
  const fields = checkedFields(request, {
    ...request,
    grantTypes: request.grantTypes ?? defaultGrantTypes,
    catalogue,
    publicUrl,
    allowedScopes: openScopes(catalogue),
  });
  return { ...fields, registeredBy: accountId };
}

const changeableFields: readonly ChangeableField[] = ['name', 'redirectUris', 'postLogoutRedirectUris', 'scopes'];

/**
 * Checks changes of an application.
 *
 * @param request a field that is null or left out stays as it is
 * @param present the application as it is
 * @param administers whether an administrator asks. Only an administrator gives an application a scope that requires a role. The
 *   account that registered the application may keep such scopes, or remove them.
 * @returns the fields of the request, in a fixed order
 * @throws InvalidRegistration for the first field that is not allowed
 */
export function checkedChanges(
  request: ChangesRequest,
  present: Application,
  { catalogue, publicUrl }: RegistrationRules,
  administers: boolean,
): ApplicationChanges {
  const given = changeableFields.filter((name) => (request[name] ?? null) !== null);
  // An application may keep its name, whatever the rules for names are today.
  const keepsName = request.name === present.name;
  const checked: ApplicationChanges = checkedFields(
    request,
    {
      ...present,
      jwks: null,
      catalogue,
      // The application that comes with the server is called like it.
      publicUrl: present.id === firstPartyClientId ? null : publicUrl,
      allowedScopes: administers
        ? new Set(catalogue.keys())
        : openScopes(catalogue).union(allowedScopes(catalogue, present.scopes)),
    },
    given.filter((name) => !(name === 'name' && keepsName)),
  );
  const kept: ApplicationChanges = keepsName ? { name: present.name } : {};
  return { ...kept, ...checked };
}
