import { type Fetch, type FetchOptions } from '../../issuer/document.ts';
import { issuerFaultReason } from '../../issuer/fault.ts';
import type { KeySet } from '../../issuer/key-set.ts';
import { endpointOf, type IssuerMetadata } from '../../issuer/metadata.ts';
import { keyAddressOf, type KeyAddress, createPublished } from '../../issuer/published.ts';
import { Unreachable } from '../transport.ts';

/** The members of an issuer's metadata that a client needs (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
export interface UpstreamMetadata extends KeyAddress {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Null if the metadata names no revocation endpoint. */
  readonly revocationEndpoint: string | null;
  /**
   * `authorization_response_iss_parameter_supported` (RFC 9207 §3): whether the issuer sends `iss` with every
   * authorization response.
   */
  readonly sendsIss: boolean;
}

/** The metadata and public keys of a foreign issuer. */
export interface Upstream {
  readonly metadata: UpstreamMetadata;
  readonly keys: KeySet;
}

/** Reads the metadata and keys of an issuer. */
export interface UpstreamSource {
  /** Returns the metadata and keys, from memory or from the issuer. @throws Unreachable if they are not available */
  get(): Promise<Upstream>;
  /**
   * Fetches the keys again and returns them. If the last fetch was within the cooldown, returns the known keys.
   *
   * @throws Unreachable
   */
  newKeys(): Promise<KeySet>;
}

export interface UpstreamOptions {
  /** From the configuration. It must not come from a caller. */
  readonly issuer: string;
  /**
   * The address of the issuer's metadata, from the configuration. The `issuer` in this document is not compared.
   * Default: below `issuer`, and compared.
   */
  readonly metadata?: string;
  readonly fetch: Fetch;
  /** Time for one document. */
  readonly timeoutSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const minuteMs = 60_000;

/** The largest size of a document, in bytes. It equals the limit for the keys of access tokens. */
const maxBytes = 512 * 1024;

/**
 * Reads an issuer's metadata and keys when they are needed, and keeps them for ten minutes. While the issuer is not
 * available, it uses them for up to one day. After a failure, it sends no request for five seconds.
 */
export function upstreamSource({ issuer, metadata, fetch, timeoutSeconds, now }: UpstreamOptions): UpstreamSource {
  const limits: FetchOptions = { fetch, timeLimitMs: timeoutSeconds * 1_000, maxBytes };
  const cooldownMs = 5_000;
  const keeping = {
    clock: now,
    cooldownMs,
    refreshAfterMs: 10 * minuteMs,
    maxAgeMs: 10 * minuteMs,
    staleForMs: 24 * 60 * minuteMs,
  };
  const upstream = createPublished({
    issuer,
    ...(metadata !== undefined && { metadata }),
    ...limits,
    read: readMetadata,
    keepMetadata: keeping,
    keepKeys: keeping,
  });

  async function newKeys(): Promise<KeySet> {
    const { keys } = upstream;
    return (keys.hasReloadedWithin(cooldownMs) ? keys.last() : null) ?? keys.reload();
  }
  return {
    get: () =>
      orUnreachable(async () => ({ metadata: await upstream.metadata.latest(), keys: await upstream.keys.latest() })),
    newKeys: () => orUnreachable(newKeys),
  };
}

/** Reads the members that a client needs. @throws IssuerFault if an endpoint is missing or its URL is not allowed */
function readMetadata(metadata: IssuerMetadata): UpstreamMetadata {
  const { document } = metadata;
  const hasRevocation = document.revocation_endpoint !== undefined;
  return {
    authorizationEndpoint: endpointOf(metadata, 'authorization_endpoint').href,
    tokenEndpoint: endpointOf(metadata, 'token_endpoint').href,
    revocationEndpoint: hasRevocation ? endpointOf(metadata, 'revocation_endpoint').href : null,
    ...keyAddressOf(metadata),
    sendsIss: document.authorization_response_iss_parameter_supported === true,
  };
}

async function orUnreachable<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw new Unreachable(issuerFaultReason(error), error);
  }
}
