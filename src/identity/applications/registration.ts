import { ClaimgateError } from '../../errors.ts';
import { allowedScopes, openScopes, type ScopeCatalogue } from '../grants/scopes.ts';
import {
  type Application,
  type ApplicationChanges,
  type ChangeableField,
  type ChangesRequest,
  type Registration,
  type RegistrationRequest,
  type RegisteredField,
  registeredFields,
  type RequestedField,
  requestedFields,
} from './application.ts';
import { type CheckContext, defaultGrantTypes, FieldFault } from './checks.ts';
import { isFirstParty } from './first-party.ts';

/** The error for a registration or a change with a member that is not allowed. */
export class InvalidRegistration extends ClaimgateError {
  /** The member of the request that is wrong. */
  readonly member: keyof RegistrationRequest;
  /** The expected value. */
  readonly fault: string;

  /** @param index which item of the member is wrong, if the member is a list */
  constructor(member: keyof RegistrationRequest, fault: string, index?: number) {
    const place = index === undefined ? '' : `[${index}]`;
    super('BAD_USER_INPUT', `input.${member}${place}: ${fault}.`);
    this.member = member;
    this.fault = fault;
  }
}

/** The data that checks of registrations need. */
export interface RegistrationRules {
  readonly catalogue: ScopeCatalogue;
  /** The public URL of this server. No application may have a name that looks like its host. */
  readonly publicUrl: string;
  /**
   * The name of the product on the pages. No application that registers itself may have a name that looks like it. The
   * product's own applications, which accounts register, may. Default: no further name is refused.
   */
  readonly productName?: string;
}

/**
 * Checks a registration. The application gets only scopes that require no role.
 *
 * @param accountId the account that registers the application; null: the application registers itself
 * @throws InvalidRegistration for the first field that is not allowed
 */
export function checkedRegistration(
  request: RegistrationRequest,
  { catalogue, publicUrl, productName }: RegistrationRules,
  accountId: string | null,
): Registration {
  const fields = checkedFields(request, {
    ...request,
    grantTypes: request.grantTypes ?? defaultGrantTypes,
    catalogue,
    publicUrl,
    ...(accountId === null && { productName }),
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
 * @param administers whether an administrator makes the change. Only an administrator may add a scope that requires a
 *   role. The account that registered the application may keep or remove these scopes.
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
  // An application may keep its name, even if today's rules do not allow the name.
  const keepsName = request.name === present.name;
  const checked: ApplicationChanges = checkedFields(
    request,
    {
      ...present,
      jwks: null,
      catalogue,
      // An application that comes with the server may have the name of the server.
      publicUrl: isFirstParty(present) ? null : publicUrl,
      allowedScopes: administers
        ? new Set(catalogue.keys())
        : openScopes(catalogue).union(allowedScopes(catalogue, present.scopes)),
    },
    given.filter((name) => !(name === 'name' && keepsName)),
  );
  const kept: ApplicationChanges = keepsName ? { name: present.name } : {};
  return { ...kept, ...checked };
}

/**
 * Checks the fields of a request.
 *
 * @param names which fields to check. Default: all that can be requested
 * @returns a value for each of these fields. A field that is null or left out has its default.
 * @throws InvalidRegistration for the first field that is not allowed
 */
function checkedFields<Name extends RequestedField>(
  request: RegistrationRequest | ChangesRequest,
  context: CheckContext,
  names: readonly Name[] = requestedFields.map(({ name }) => name as Name),
): Pick<Application, Name> {
  const wanted: ReadonlySet<string> = new Set(names);
  const given: Readonly<Record<string, unknown>> = { ...request };
  const checked = registeredFields.flatMap(([name, { check, default: fallback = null }]) =>
    check && wanted.has(name) ? [[name, naming(name, () => check(given[name] ?? fallback, context))]] : [],
  );
  return Object.fromEntries(checked) as Pick<Application, Name>;
}

/** Adds the name of the field to a fault. */
function naming<Result>(field: RegisteredField, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FieldFault)) throw error;
    // `as`: only fields that can be requested have checks.
    const member = field === 'keys' ? 'jwks' : (field as keyof RegistrationRequest);
    throw new InvalidRegistration(member, error.message, error.index);
  }
}
