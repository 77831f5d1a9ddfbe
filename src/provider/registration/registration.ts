import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOutage } from '../../errors.ts';
import { registerApplication } from '../../identity/applications/applications.ts';
import type { Attempts } from '../../identity/attempts/attempts.ts';
import { checkedRegistration, InvalidRegistration } from '../../identity/applications/registration.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { registerOpenly } from '../../identity/applications/self-registrations.ts';
import { hashSecret, secretMatches } from '../../identity/keys/secrets.ts';
import type { Store } from '../../store/tables.ts';
import { readRequestBody } from '../request/body.ts';
import { callerAddress } from '../request/caller-address.ts';
import {
  authSigningAlgorithm,
  clientMetadata,
  InvalidMetadata,
  type SentMetadata,
  metadataNames,
  registrationRequest,
} from './client-metadata.ts';
import { retryAfterSeconds } from '../pages/problem.ts';
import { changingIn, factOf, type AuditOptions } from '../audit.ts';
import { refuseUnavailable } from './unavailable-metadata.ts';
import { isRecord } from '../../protocol/record.ts';

/** The options of client registration. */
export interface RegistrationOptions extends Pick<AuditOptions, 'changing'> {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  /** Our public URL. */
  readonly publicUrl: string;
  /** The name of the product on the pages. */
  readonly productName: string;
  readonly attempts: Pick<Attempts, 'register'>;
  /** Returns the algorithm that signs ID tokens now. */
  readonly signing: () => string;
  /** The initial access token (RFC 7591 §3); null: every caller may register applications. */
  readonly token: string | null;
  /** How many applications that registered themselves without a token may exist. Default: 10,000. */
  readonly maxOpen?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called for faults of the server, never for mistakes of a caller. */
  readonly onFault: (error: Error) => void;
}

/** An error answer (RFC 7591 §3.2.2, RFC 6750 §3.1). */
interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The largest body, in bytes. It can contain the largest JWK Set, ten redirect URIs of each kind, and other metadata.
 */
const maxBytes = 65_536;

/**
 * Returns the handler of dynamic client registration (RFC 7591). An application registers itself, and gets only scopes
 * that require no role.
 *
 * - If the metadata request something unavailable, the registration is rejected (unavailable-metadata.ts).
 * - Members that only describe the application, such as `logo_uri`, are neither stored nor returned.
 * - No address in the metadata is ever fetched.
 * - The application cannot manage its registration (RFC 7592). Administrators see, change and delete it.
 *
 * The handler answers every error and never rejects.
 */
export function registrationHandler(
  options: RegistrationOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const refusal = await refusalOf(options, request);
      if (refusal) sendRefusal(response, refusal);
      else {
        const registered = await register(options, await metadataOf(request));
        if (registered) send(response, 201, registered);
        else sendRefusal(response, full);
      }
    } catch (error) {
      if (error instanceof InvalidMetadata) {
        return sendRefusal(response, { status: 400, error: error.error, description: error.message });
      }
      options.onFault(error instanceof Error ? error : new Error(String(error)));
      sendRefusal(response, faultOf(error));
    }
  };
}

/**
 * Returns the refusal if the caller must not register an application; otherwise null. Counts every POST without the
 * right token.
 */
async function refusalOf({ token, attempts }: RegistrationOptions, request: IncomingMessage): Promise<Refusal | null> {
  if (request.method !== 'POST') {
    return { status: 405, error: 'invalid_request', description: 'expected POST', headers: { allow: 'POST' } };
  }
  const { authorization } = request.headers;
  // RFC 9110 §11.1: the name of the scheme is case-insensitive.
  const [, bearer = ''] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token !== null && secretMatches(bearer, hashSecret(token))) return null;
  const seconds = await attempts.register(callerAddress(request));
  if (seconds !== null) {
    const headers = { 'retry-after': String(seconds) };
    const description = `too many registrations: try again in ${seconds} seconds`;
    return { status: 429, error: 'temporarily_unavailable', description, headers };
  }
  if (token === null) return null;
  // RFC 6750 §3.1: without a token in the request, the challenge has no error code.
  const challenge = authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  const description = 'expected the initial access token of this server, as bearer token';
  return { status: 401, error: 'invalid_token', description, headers: { 'www-authenticate': challenge } };
}

async function metadataOf(request: IncomingMessage): Promise<SentMetadata> {
  const body = await readRequestBody(request, 'application/json', maxBytes);
  if (body === 'too large') throw new InvalidMetadata(null, `expected a body of up to ${maxBytes} bytes`);
  if (typeof body === 'string') throw new InvalidMetadata(null, 'expected a body of application/json');
  const metadata = parse(textOf(body));
  if (isRecord(metadata)) return metadata;
  throw new InvalidMetadata(null, 'expected a JSON object, and the body is other JSON');
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new InvalidMetadata(null, 'expected a JSON object in UTF-8 (RFC 8259 §8.1), and the body is not UTF-8');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new InvalidMetadata(null, 'expected a JSON object, and the body is empty');
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidMetadata(null, 'expected a JSON object, and the body is not JSON');
  }
}

/** The answer if there are too many open registrations. Applications without any consent are deleted after a day. */
const full: Refusal = {
  status: 503,
  error: 'temporarily_unavailable',
  description: 'there are as many applications that registered themselves as there may be: try again in an hour',
  headers: { 'retry-after': '3600' },
};

/** Registers the application. @returns its metadata; null if there are too many open registrations */
async function register(options: RegistrationOptions, metadata: SentMetadata): Promise<SentMetadata | null> {
  const { now, token, maxOpen } = options;
  const registration = checkedMetadata(metadata, options);
  const registered = await changingIn(options)(
    (transaction) =>
      token === null
        ? registerOpenly(transaction, registration, now(), maxOpen)
        : registerApplication(transaction, { ...registration, selfRegistered: 'token' }, now()),
    (created) => created && factOf('application_registered', { clientId: created.application.id }, 'registered itself'),
  );
  if (!registered) return null;
  const { application, clientSecret } = registered;
  return {
    ...clientMetadata(application),
    id_token_signed_response_alg: options.signing(),
    subject_type: 'public',
    ...(application.keys && { [authSigningAlgorithm]: metadata[authSigningAlgorithm] }),
    client_id_issued_at: Math.floor(application.createdAt / 1_000),
    [metadataNames.scopes]: ['openid', ...(application.scopes ?? [])].join(' '),
    ...(clientSecret !== null && { client_secret: clientSecret, client_secret_expires_at: 0 }),
  };
}

function checkedMetadata(
  metadata: SentMetadata,
  {
    catalogue,
    publicUrl,
    productName,
    token,
    signing,
  }: Pick<RegistrationOptions, 'catalogue' | 'publicUrl' | 'productName' | 'token' | 'signing'>,
): ReturnType<typeof checkedRegistration> {
  refuseUnavailable(metadata, signing());
  const request = registrationRequest(metadata, catalogue);
  if (token === null && request.grantTypes?.includes('client_credentials')) {
    // Otherwise every caller would get tokens without the consent of a person.
    throw new InvalidMetadata(
      metadataNames.grantTypes,
      'client_credentials is not for applications that register without the initial access token',
    );
  }
  try {
    return checkedRegistration(request, { catalogue, publicUrl, productName }, null);
  } catch (error) {
    if (error instanceof InvalidRegistration) throw new InvalidMetadata(metadataNames[error.member], error.fault);
    throw error;
  }
}

function faultOf(error: unknown): Refusal {
  if (!isOutage(error)) return { status: 500, error: 'server_error', description: 'a fault of the server' };
  const description = `the database is unavailable: ${error.evidence.reason}`;
  return { status: 503, error: 'temporarily_unavailable', description, headers: { 'retry-after': retryAfterSeconds } };
}

function sendRefusal(response: ServerResponse, { status, error, description, headers }: Refusal): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  send(response, status, { error, error_description: description });
}

function send(response: ServerResponse, status: number, body: SentMetadata): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(body));
}
