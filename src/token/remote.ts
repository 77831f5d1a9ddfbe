import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose';
import { withCooldown } from './cooldown.ts';
import { discover } from './discovery.ts';
import { type FetchOptions, fetchDocument, isObject } from './document.ts';
import { candidates, type KeySource } from './keys.ts';
import { keysUnavailable } from './refusal.ts';

/** Where remote keys come from, and the limits of asking for them. */
export interface RemoteKeysOptions {
  /** `iss`: its metadata says where the keys are. */
  readonly issuer: string;
  /** Default: the global `fetch`. It must heed `signal` and `redirect`. */
  readonly fetch?: typeof globalThis.fetch;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Time for each of the two answers, in milliseconds. Default 5,000. */
  readonly timeLimit?: number;
  /** Size of each of the two documents, in bytes. Default 512 KiB. */
  readonly sizeLimit?: number;
  /** How long a failure stands before the issuer is asked again, in milliseconds. Default 5,000. */
  readonly cooldown?: number;
}

/**
 * The keys of an issuer elsewhere, found through its metadata when the first token needs them: creating the source
 * fetches nothing, so a server starts while its issuer is down.
 *
 * Metadata is read once. Keys are read anew when they are ten minutes old, and for an unknown `kid` when they are 30
 * seconds old. Does not check the issuer's name: `createVerifier` does.
 *
 * @returns a source that throws ClaimgateError `KEYS_UNAVAILABLE` whenever a document cannot be had or makes no sense
 */
export function remoteKeys(options: RemoteKeysOptions): KeySource {
  const { issuer, clock = Date.now, cooldown = 5000 } = options;
  const limits: FetchOptions = {
    fetch: options.fetch ?? globalThis.fetch,
    timeLimit: options.timeLimit ?? 5000,
    sizeLimit: options.sizeLimit ?? 512 * 1024,
  };
  const metadata = withCooldown(
    unavailable(() => discover(issuer, limits)),
    { clock, cooldown },
  );
  let keySet: RemoteJWKSet | undefined;
  return async (hint) => {
    if (!keySet) {
      const { jwksUri } = await metadata();
      // All who waited come back here, and must share the first one's set and its one fetch.
      keySet ??= remoteKeySet(
        jwksUri,
        withCooldown(
          unavailable(() => fetchKeySet(jwksUri, limits)),
          { clock, cooldown },
        ),
      );
    }
    return candidates(keySet, hint);
  };
}

/** jose's cache of keys, over a fetch that has the cooldown after a failure which jose's own lacks. */
function remoteKeySet(jwksUri: URL, fetchKeys: () => Promise<object>): RemoteJWKSet {
  return createRemoteJWKSet(jwksUri, {
    cacheMaxAge: 600_000,
    cooldownDuration: 30_000,
    [customFetch]: async () => Response.json(await fetchKeys()),
  });
}

/** A JWK Set (RFC 7517 §5). Members that are no objects are left out: jose would refuse the whole set for one. */
async function fetchKeySet(jwksUri: URL, limits: FetchOptions): Promise<object> {
  const document = await fetchDocument(jwksUri, limits);
  if (!Array.isArray(document?.keys)) throw new Error(`${jwksUri.href} answered no JWK Set`);
  const keys = document.keys.filter(isObject);
  if (keys.length === 0) throw new Error(`${jwksUri.href} answered an empty JWK Set`);
  return { keys };
}

function unavailable<T>(ask: () => Promise<T>): () => Promise<T> {
  return async () => {
    try {
      return await ask();
    } catch (error) {
      throw keysUnavailable(error);
    }
  };
}
