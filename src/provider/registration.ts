import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOutage } from '../errors.ts';
import { type Application, registerApplication } from '../identity/applications.ts';
import type { Attempts } from '../identity/attempts.ts';
import { checkedRegistration, InvalidRegistration, type RegistrationRequest } from '../identity/registration.ts';
import { openScopes, type ScopeCatalogue } from '../identity/scopes.ts';
import type { Store } from '../store/tables.ts';
import { readBody } from './body.ts';
import { callerAddress } from './caller-address.ts';
import { retryAfter } from './pages/problem.ts';
import { factOf, type Witnesses } from './records.ts';

/** Where applications register themselves, where they may. */
export const registrationPath = '/oauth/register';

export interface RegistrationOptions extends Pick<Witnesses, 'record'> {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly attempts: Pick<Attempts, 'register'>;
  /** The initial access token (RFC 7591 §3); null: anybody may register an application. */
  readonly token: string | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of faults of the server; never of what a caller did wrong. */
  readonly onFault: (error: Error) => void;
}

/** An answer that is an error of RFC 7591 §3.2.2 or RFC 6750 §3.1. */
interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Metadata = Readonly<Record<string, unknown>>;

/** In bytes: the largest JWK Set that is taken, ten redirect URIs of either kind, and as much again. */
const sizeLimit = 65_536;

/**
 * Dynamic client registration (RFC 7591): an application registers itself, with scopes that require no role.
 *
 * Of its metadata it may send whatever there is: what is not kept here, such as `logo_uri`, is left out of the answer, and
 * nothing is ever fetched for it. There is no management of what was registered (RFC 7592): administrators see, change and
 * delete it.
 */
export function registrationHandler(
  options: RegistrationOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const refusal = await refuse(options, request);
      if (refusal) sendRefusal(response, refusal);
      else send(response, 201, await register(options, await metadataOf(request)));
    } catch (error) {
      if (error instanceof InvalidMetadata) return sendRefusal(response, error.refusal);
      options.onFault(error instanceof Error ? error : new Error(String(error)));
      sendRefusal(response, faultOf(error));
    }
  };
}

/** Whether somebody may register at all; null: they may. */
async function refuse({ token, attempts }: RegistrationOptions, request: IncomingMessage): Promise<Refusal | null> {
  if (request.method !== 'POST') {
    return { status: 405, error: 'invalid_request', description: 'expected POST', headers: { allow: 'POST' } };
  }
  const { authorization } = request.headers;
  // RFC 9110 §11.1: the name of a scheme is in any case.
  const [, given = ''] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token !== null && isSame(given, token)) return null;
  const seconds = await attempts.register(callerAddress(request));
  if (seconds !== null) {
    const headers = { 'retry-after': String(seconds) };
    const description = `too many registrations: try again in ${seconds} seconds`;
    return { status: 429, error: 'temporarily_unavailable', description, headers };
  }
  if (token === null) return null;
  // RFC 6750 §3: whoever sent no token is not told that it was wrong.
  const challenge = authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  const description = 'expected the initial access token of this server, as bearer token';
  return { status: 401, error: 'invalid_token', description, headers: { 'www-authenticate': challenge } };
}

/** Compares in constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function metadataOf(request: IncomingMessage): Promise<Metadata> {
  const body = await readBody(request, 'application/json', sizeLimit);
  if (!body) throw new InvalidMetadata(null, `expected a body of application/json of up to ${sizeLimit} bytes`);
  try {
    const metadata: unknown = JSON.parse(body.toString('utf8'));
    if (isRecord(metadata)) return metadata;
  } catch {} // Said below.
  throw new InvalidMetadata(null, 'expected a JSON object');
}

function isRecord(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function register(options: RegistrationOptions, metadata: Metadata): Promise<Metadata> {
  const { store, now, record = () => {} } = options;
  const { application, clientSecret } = await registerApplication(store, checked(metadata, options), now());
  record(factOf('application_registered', { clientId: application.id }, 'registered itself'));
  return {
    ...metadataOfApplication(application),
    ...(clientSecret !== null && { client_secret: clientSecret, client_secret_expires_at: 0 }),
  };
}

function checked(
  metadata: Metadata,
  { catalogue, token }: Pick<RegistrationOptions, 'catalogue' | 'token'>,
): ReturnType<typeof checkedRegistration> {
  const request = requestOf(metadata, catalogue);
  checkResponseTypes(metadata, request);
  if (token === null && request.grantTypes?.includes('client_credentials')) {
    // Else whoever comes by would have tokens, and nobody had allowed anything.
    throw new InvalidMetadata(names.grantTypes, 'client_credentials is not for whom nobody here knows');
  }
  try {
    return checkedRegistration(request, catalogue, null);
  } catch (error) {
    if (error instanceof InvalidRegistration) throw new InvalidMetadata(names[error.member], error.fault);
    throw error;
  }
}

/** How the metadata of RFC 7591 §2 and of those that extend it name what is asked for. */
const names = {
  name: 'client_name',
  redirectUris: 'redirect_uris',
  applicationType: 'application_type',
  tokenEndpointAuthMethod: 'token_endpoint_auth_method',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
  scopes: 'scope',
  grantTypes: 'grant_types',
  jwks: 'jwks',
  dpopBoundAccessTokens: 'dpop_bound_access_tokens',
  requirePushedAuthorizationRequests: 'require_pushed_authorization_requests',
} as const satisfies Record<keyof RegistrationRequest, string>;

const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/** What the metadata ask for, with the defaults of RFC 7591 §2. */
function requestOf(metadata: Metadata, catalogue: ScopeCatalogue): RegistrationRequest {
  const redirectUris = texts(metadata, names.redirectUris) ?? [];
  const scope = text(metadata, names.scopes);
  const open = openScopes(catalogue);
  return {
    name: text(metadata, names.name) ?? 'Unnamed application',
    redirectUris,
    applicationType: oneOf(metadata, names.applicationType, ['web', 'native']) ?? typeOf(redirectUris),
    tokenEndpointAuthMethod: oneOf(metadata, names.tokenEndpointAuthMethod, methods) ?? 'client_secret_basic',
    postLogoutRedirectUris: texts(metadata, names.postLogoutRedirectUris),
    // What nobody gets is left out, as §3.2.1 lets a server: applications ask everywhere for what only some servers have.
    scopes: scope === null ? null : scope.split(' ').filter((name) => open.has(name)),
    grantTypes: someOf(metadata, names.grantTypes, grantTypes) ?? ['authorization_code'],
    jwks: keySet(metadata),
    dpopBoundAccessTokens: flag(metadata, names.dpopBoundAccessTokens),
    requirePushedAuthorizationRequests: flag(metadata, names.requirePushedAuthorizationRequests),
  };
}

/** RFC 7591 has no type of application: one that is answered on the device is native (RFC 8252 §7). */
function typeOf(redirectUris: readonly string[]): Application['applicationType'] {
  return redirectUris.length > 0 && redirectUris.every((uri) => URL.parse(uri)?.protocol !== 'https:')
    ? 'native'
    : 'web';
}

/** The response types have to go with the grant types (RFC 7591 §2.1), and there is one. */
function checkResponseTypes(metadata: Metadata, request: RegistrationRequest): void {
  const given = texts(metadata, 'response_types');
  const expected = responseTypes(request.grantTypes ?? []);
  if (given === null || (given.length === expected.length && given.every((type) => type === expected[0]))) return;
  throw new InvalidMetadata('response_types', `expected ${JSON.stringify(expected)} with these grant types`);
}

function responseTypes(given: Application['grantTypes']): readonly string[] {
  return given.includes('authorization_code') ? ['code'] : [];
}

/** Everything that is kept of an application, as RFC 7591 §3.2.1 has it answered. */
function metadataOfApplication(application: Application): Metadata {
  return {
    client_id: application.id,
    client_id_issued_at: Math.floor(application.createdAt / 1_000),
    [names.name]: application.name,
    [names.redirectUris]: application.redirectUris,
    [names.postLogoutRedirectUris]: application.postLogoutRedirectUris,
    [names.applicationType]: application.applicationType,
    [names.tokenEndpointAuthMethod]: application.tokenEndpointAuthMethod,
    [names.grantTypes]: application.grantTypes,
    response_types: responseTypes(application.grantTypes),
    [names.scopes]: ['openid', ...(application.scopes ?? [])].join(' '),
    [names.dpopBoundAccessTokens]: application.dpopBound,
    [names.requirePushedAuthorizationRequests]: application.pushedRequestsOnly,
    ...(application.keys && { [names.jwks]: { keys: application.keys } }),
  };
}

function text(metadata: Metadata, name: string): string | null {
  const value = metadata[name];
  if (value === undefined || typeof value === 'string') return value ?? null;
  throw new InvalidMetadata(name, 'expected a string');
}

function texts(metadata: Metadata, name: string): readonly string[] | null {
  const value = metadata[name];
  if (value === undefined) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new InvalidMetadata(name, 'expected an array of strings');
}

function flag(metadata: Metadata, name: string): boolean | null {
  const value = metadata[name];
  if (value === undefined || typeof value === 'boolean') return value ?? null;
  throw new InvalidMetadata(name, 'expected true or false');
}

function keySet({ jwks }: Metadata): string | null {
  if (jwks === undefined) return null;
  try {
    return JSON.stringify(jwks);
  } catch {
    throw new InvalidMetadata(names.jwks, 'it is nested too deep');
  }
}

function oneOf<Value extends string>(metadata: Metadata, name: string, known: readonly Value[]): Value | null {
  const value = text(metadata, name);
  return value === null ? null : knownOf(value, name, known);
}

function someOf<Value extends string>(
  metadata: Metadata,
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

/** What is wrong with the metadata: of which member, or of the whole. */
class InvalidMetadata extends Error {
  readonly refusal: Refusal;

  constructor(name: string | null, fault: string) {
    super(fault);
    this.refusal = {
      status: 400,
      error: name === names.redirectUris ? 'invalid_redirect_uri' : 'invalid_client_metadata',
      description: name === null ? fault : `${name}: ${fault}`,
    };
  }
}

function faultOf(error: unknown): Refusal {
  if (!isOutage(error)) return { status: 500, error: 'server_error', description: 'a fault of the server' };
  const description = `the database is unavailable: ${error.evidence.reason}`;
  return { status: 503, error: 'temporarily_unavailable', description, headers: { 'retry-after': retryAfter } };
}

function sendRefusal(response: ServerResponse, { status, error, description, headers }: Refusal): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  send(response, status, { error, error_description: description });
}

function send(response: ServerResponse, status: number, body: Metadata): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(body));
}
