import type { JSONWebKeySet } from 'jose';
import { shown } from '../protocol/shown.ts';
import { keep } from './kept.ts';
import { boundedFetch, type Fetch, Unreachable } from './transport.ts';

/** What is read of an issuer's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
export interface Metadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Null where it has none. */
  readonly revocationEndpoint: string | null;
  readonly jwksUri: string;
  /** Whether it says that it sends `iss` with every authorization response (RFC 9207 §3). */
  readonly sendsIss: boolean;
}

/** An issuer elsewhere, of which we are a client: what it says of itself. */
export interface Upstream {
  readonly metadata: Metadata;
  /** Its public keys. */
  readonly keys: JSONWebKeySet;
}

/** Finds out what an issuer says of itself. */
export interface UpstreamSource {
  /** @throws Unreachable, or Error that says what is wrong with the answer */
  get(): Promise<Upstream>;
  /** Its keys, newer than those at hand: one that signed is not among them. Throws like `get` */
  newKeys(): Promise<JSONWebKeySet>;
}

export interface UpstreamOptions {
  /** From configuration: never from a caller. */
  readonly issuer: string;
  /** The address of its metadata, from configuration. Then the `issuer` in it is not compared. Default: below `issuer`. */
  readonly metadata?: string;
  readonly fetch: Fetch;
  /** For one document, in seconds. */
  readonly timeout: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const minute = 60_000;

/**
 * Reads an issuer's metadata and keys when they are needed, and keeps them: for ten minutes, and for a day where the issuer is
 * away. After a failure it is spared for five seconds.
 */
export function upstreamSource(options: UpstreamOptions): UpstreamSource {
  const { issuer, fetch, timeout, now } = options;
  const url = options.metadata ?? metadataUrl(issuer);
  const bounded = boundedFetch(fetch, timeout);
  const times = { now, freshFor: 10 * minute, usableFor: 24 * 60 * minute, cooldown: 5_000 };
  const metadata = keep(async () => {
    const document = await fetchObject(bounded, url);
    // OpenID Connect Discovery 1.0 §4.3: identical, or one issuer could speak for another.
    if (options.metadata === undefined && document.issuer !== issuer) throw anotherIssuer(issuer, document.issuer);
    return readMetadata(url, document);
  }, times);
  const keys = keep(async () => {
    const { jwksUri } = await metadata.get();
    return readKeys(await fetchObject(bounded, jwksUri));
  }, times);
  return {
    get: async () => ({ metadata: await metadata.get(), keys: await keys.get() }),
    newKeys: keys.renew,
  };
}

/** OpenID Connect Discovery 1.0 §4: appended to the issuer, without a slash at its end. */
function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

async function fetchObject(
  fetch: ReturnType<typeof boundedFetch>,
  url: string,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { accept: 'application/json' };
  const response = await fetch(url, { method: 'GET', headers, body: null, redirect: 'manual' });
  if (response.status !== 200) throw new Unreachable(`status-${response.status}`);
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    throw new Unreachable('not-json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unreachable('not-an-object');
  return value as Readonly<Record<string, unknown>>; // An object of JSON.
}

/** Both names are for the operator's log: neither is a secret. */
function anotherIssuer(issuer: string, found: unknown): Unreachable {
  const other = typeof found === 'string' ? `"${shown(found)}"` : 'no text';
  return new Unreachable(`another-issuer: expected "${issuer}", and its metadata has ${other}`);
}

/** @param from where the document was found */
function readMetadata(from: string, document: Readonly<Record<string, unknown>>): Metadata {
  const endpoint = (name: string): string => {
    const value = document[name];
    const url = typeof value === 'string' ? URL.parse(value) : null;
    if (!url || !mayBeReached(url, from)) throw new Unreachable(`no-${name.replaceAll('_', '-')}`);
    return url.href;
  };
  return {
    authorizationEndpoint: endpoint('authorization_endpoint'),
    tokenEndpoint: endpoint('token_endpoint'),
    revocationEndpoint: document.revocation_endpoint === undefined ? null : endpoint('revocation_endpoint'),
    jwksUri: endpoint('jwks_uri'),
    sendsIss: document.authorization_response_iss_parameter_supported === true,
  };
}

/** https; or plain http on this machine, for metadata that are on this machine themselves. */
function mayBeReached(url: URL, from: string): boolean {
  if (url.username || url.password || url.hash) return false;
  return url.protocol === 'https:' ? true : isLoopback(url) && isLoopback(new URL(from));
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

function readKeys({ keys }: Readonly<Record<string, unknown>>): JSONWebKeySet {
  if (!Array.isArray(keys) || keys.length > 100) throw new Unreachable('no-key-set');
  // What is in a key is judged where it is used; `kty` is what makes it one (RFC 7517 §4.1).
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null && typeof key.kty === 'string') };
}
