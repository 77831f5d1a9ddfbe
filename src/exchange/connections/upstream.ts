import { type Fetch, type FetchOptions } from '../../issuer/document.ts';
import { reasonOf } from '../../issuer/fault.ts';
import type { KeySet } from '../../issuer/key-set.ts';
import { endpointOf, type Metadata as IssuerMetadata } from '../../issuer/metadata.ts';
import { keyAddressOf, type KeyAddress, published } from '../../issuer/published.ts';
import { Unreachable } from '../transport.ts';

/** What is read of an issuer's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
export interface Metadata extends KeyAddress {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Null where the metadata has none. */
  readonly revocationEndpoint: string | null;
  /** Whether the metadata says that the issuer sends `iss` with every authorization response (RFC 9207 §3). */
  readonly sendsIss: boolean;
}

/** An issuer elsewhere, of which we are a client. */
export interface Upstream {
  readonly metadata: Metadata;
  /** Its public keys. */
  readonly keys: KeySet;
}

/** Finds out what an issuer publishes. */
export interface UpstreamSource {
  /** @throws Unreachable */
  get(): Promise<Upstream>;
  /** Its keys, newer than those at hand, unless these have just been asked for. @throws Unreachable */
  newKeys(): Promise<KeySet>;
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

/** The largest size of a document, in bytes: as for the keys of access tokens. */
const mostBytes = 512 * 1024;

/**
 * Reads an issuer's metadata and keys when they are needed, and keeps them: for ten minutes, and for a day while the issuer is not
 * available. After a failure the issuer is spared for five seconds.
 */
export function upstreamSource({ issuer, metadata, fetch, timeout, now }: UpstreamOptions): UpstreamSource {
  const limits: FetchOptions = { fetch, timeLimit: timeout * 1_000, sizeLimit: mostBytes };
  const cooldown = 5_000;
  const kept = { clock: now, cooldown, refreshAfter: 10 * minute, maxAge: 10 * minute, staleFor: 24 * 60 * minute };
  const upstream = published({
    issuer,
    ...(metadata !== undefined && { metadata }),
    ...limits,
    read: readMetadata,
    keepMetadata: kept,
    followSigningKeys: kept,
  });

  async function newKeys(): Promise<KeySet> {
    const { sinceReload } = upstream.keys;
    const isRecent = sinceReload >= 0 && sinceReload < cooldown;
    return (isRecent ? upstream.keys.last() : null) ?? upstream.keys.reload();
  }
  return {
    get: () =>
      orUnreachable(async () => ({ metadata: await upstream.metadata.latest(), keys: await upstream.keys.latest() })),
    newKeys: () => orUnreachable(newKeys),
  };
}

/** Reads what a client needs. @throws IssuerFault where an endpoint is missing, or must not be asked */
function readMetadata(metadata: IssuerMetadata): Metadata {
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
    throw new Unreachable(reasonOf(error), error);
  }
}
