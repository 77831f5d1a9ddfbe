import type { ClientMetadata } from 'oidc-provider';
import { clientSigningAlgorithms } from '../../identity/applications/client-keys.ts';
import {
  type Application,
  type RegistrationRequest,
  requestedFields,
} from '../../identity/applications/application.ts';
import { openScopes, type ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { isRecord } from '../../protocol/record.ts';
import { scopeTokens } from '../../protocol/scope.ts';

/** Client metadata (RFC 7591 §2) as a caller sent them. No member has been checked. */
export type SentMetadata = Readonly<Record<string, unknown>>;

/** Returns an application as client metadata. Leaves out its scopes, which the answer to a registration adds. */
export function clientMetadata(application: Application): ClientMetadata {
  const { grantTypes, keys } = application;
  const members = requestedFields.flatMap(({ name, metadata }) => {
    const value = application[name];
    return name === 'scopes' || name === 'keys' || value === null ? [] : [[metadata, structuredClone(value)]];
  });
  return {
    client_id: application.id,
    ...Object.fromEntries(members),
    response_types: [...responseTypes(grantTypes)],
    ...(keys && { [metadataNames.jwks]: { keys: keys.map((key) => ({ ...key })) } }),
  };
}

/** The name of each member of a request in the metadata of RFC 7591 §2 and the specifications that extend it. */
export const metadataNames = Object.fromEntries(
  requestedFields.map(({ name, metadata }) => [name === 'keys' ? 'jwks' : name, metadata]),
) as Readonly<Record<keyof RegistrationRequest, string>>;

/** The algorithm with which an application signs its assertions. It is stored as the `alg` of each of its keys. */
export const authSigningAlgorithm = 'token_endpoint_auth_signing_alg';

const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/**
 * Returns the registration that the metadata request, with the defaults of RFC 7591 §2. Does not check the values;
 * `checkedRegistration` checks them.
 *
 * @throws InvalidMetadata if a member has a wrong type or an unknown value, or if no requested scope is available
 */
export function registrationRequest(metadata: SentMetadata, catalogue: ScopeCatalogue): RegistrationRequest {
  const redirectUris = texts(metadata, metadataNames.redirectUris) ?? [];
  const scope = text(metadata, metadataNames.scopes);
  const open = openScopes(catalogue);
  const request: RegistrationRequest = {
    ...plainMembers(metadata),
    name: text(metadata, metadataNames.name) ?? 'Unnamed application',
    redirectUris,
    applicationType: oneOf(metadata, metadataNames.applicationType, ['web', 'native']) ?? typeOf(redirectUris),
    tokenEndpointAuthMethod: oneOf(metadata, metadataNames.tokenEndpointAuthMethod, methods) ?? 'client_secret_basic',
    // The scopes may include some that no self-registered application gets, because many clients request the same
    // scopes at every server. They are left out, as §3.2.1 allows.
    scopes: scope === null ? null : availableScopes(scope, open),
    grantTypes: someOf(metadata, metadataNames.grantTypes, grantTypes) ?? ['authorization_code'],
    jwks: keySet(metadata),
  };
  checkResponseTypes(metadata, request);
  return request;
}

/** Returns the members without a default, each read by its type. */
function plainMembers(metadata: SentMetadata): Partial<RegistrationRequest> {
  const readers = { string: text, strings: texts, boolean: flag };
  return Object.fromEntries(
    requestedFields.flatMap(({ name, metadata: member, json }) =>
      json === 'other' ? [] : [[name, readers[json](metadata, member)]],
    ),
  );
}

/**
 * Returns the available scopes. @throws InvalidMetadata if no scope is left, because the application could never get a
 * token
 */
function availableScopes(scope: string, open: ReadonlySet<string>): readonly string[] {
  const requested = scopeTokens(scope);
  const available = requested.filter((name) => open.has(name));
  if (requested.length === 0 || available.length > 0 || requested.includes('openid')) return available;
  throw new InvalidMetadata(metadataNames.scopes, `expected at least one of openid, ${[...open].join(', ')}`);
}

/** Returns the default `application_type`: `native` if no redirect URI is https (RFC 8252 §7). RFC 7591 does not define it. */
function typeOf(redirectUris: readonly string[]): Application['applicationType'] {
  return redirectUris.length > 0 && redirectUris.every((uri) => URL.parse(uri)?.protocol !== 'https:')
    ? 'native'
    : 'web';
}

/** Checks that the response types match the grant types (RFC 7591 §2.1). Only `code` is supported. */
function checkResponseTypes(metadata: SentMetadata, request: RegistrationRequest): void {
  const requested = texts(metadata, 'response_types');
  const expected = responseTypes(request.grantTypes ?? []);
  if (requested === null || (requested.length === expected.length && requested.every((type) => type === expected[0])))
    return;
  throw new InvalidMetadata('response_types', `expected ${JSON.stringify(expected)} with these grant types`);
}

function responseTypes(grants: Application['grantTypes']): readonly 'code'[] {
  return grants.includes('authorization_code') ? ['code'] : [];
}

function text(metadata: SentMetadata, name: string): string | null {
  const value = metadata[name];
  if (value === undefined || typeof value === 'string') return value ?? null;
  throw new InvalidMetadata(name, 'expected a string');
}

function texts(metadata: SentMetadata, name: string): readonly string[] | null {
  const value = metadata[name];
  if (value === undefined) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new InvalidMetadata(name, 'expected an array of strings');
}

function flag(metadata: SentMetadata, name: string): boolean | null {
  const value = metadata[name];
  if (value === undefined || typeof value === 'boolean') return value ?? null;
  throw new InvalidMetadata(name, 'expected true or false');
}

function keySet(metadata: SentMetadata): string | null {
  const { jwks } = metadata;
  const algorithm = oneOf(metadata, authSigningAlgorithm, clientSigningAlgorithms);
  if (jwks === undefined && algorithm !== null) {
    throw new InvalidMetadata(
      authSigningAlgorithm,
      `expected ${metadataNames.jwks} beside it, with the keys that sign`,
    );
  }
  if (jwks === undefined) return null;
  const bound = algorithm === null ? jwks : bindKeys(jwks, algorithm);
  try {
    return JSON.stringify(bound);
  } catch {
    throw new InvalidMetadata(metadataNames.jwks, 'it is nested too deep');
  }
}

/** Returns the keys, each with this `alg`. @throws InvalidMetadata if a key has another `alg` */
function bindKeys(jwks: unknown, algorithm: string): unknown {
  if (!isRecord(jwks) || !Array.isArray(jwks['keys'])) return jwks; // Rejected when the keys are read.
  const keys: readonly unknown[] = jwks['keys'];
  return { keys: keys.map((key) => (isRecord(key) ? { ...key, alg: sameAlgorithm(key['alg'], algorithm) } : key)) };
}

function sameAlgorithm(alg: unknown, algorithm: string): string {
  if (alg === undefined || alg === algorithm) return algorithm;
  throw new InvalidMetadata(authSigningAlgorithm, `expected the alg of each key of ${metadataNames.jwks} that has one`);
}

function oneOf<Value extends string>(metadata: SentMetadata, name: string, known: readonly Value[]): Value | null {
  const value = text(metadata, name);
  return value === null ? null : knownOf(value, name, known);
}

function someOf<Value extends string>(
  metadata: SentMetadata,
  name: string,
  known: readonly Value[],
): readonly Value[] | null {
  return texts(metadata, name)?.map((value) => knownOf(value, name, known)) ?? null;
}

function knownOf<Value extends string>(value: string, name: string, known: readonly Value[]): Value {
  const found = known.find((item) => item === value);
  if (found === undefined) throw new InvalidMetadata(name, `expected ${known.join(', ')}`);
  return found;
}

/** An error in the metadata. @param name the member; null for an error that concerns no single member */
export class InvalidMetadata extends Error {
  /** RFC 7591 §3.2.2. */
  readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata';

  constructor(name: string | null, fault: string) {
    super(name === null ? fault : `${name}: ${fault}`);
    this.error = name === metadataNames.redirectUris ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  }
}
