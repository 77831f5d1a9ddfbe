import { discover, type IssuerMetadata, readConfiguredMetadata } from './discovery.ts';
import { type FetchOptions, fetchDocument } from './document.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyLocation } from './location.ts';
import { readPublishedJwk } from '../protocol/published-jwk.ts';

/** How an issuer's keys are fetched. */
export interface PublishedKeysOptions extends FetchOptions, KeyLocation {
  readonly issuer: string;
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How old its metadata may grow before it is read again, in milliseconds. */
  readonly metadataMaxAge: number;
}

/**
 * Makes a function that fetches an issuer's keys from where configuration or its metadata says they are.
 *
 * Metadata is read again when it is old, and after the keys could not be had where it said: an issuer may move them. While
 * the metadata itself cannot be had, what it said last counts.
 *
 * @returns a function that throws Error, for the operator, where the keys cannot be had or none of them is of use
 */
export function publishedKeys(options: PublishedKeysOptions): () => Promise<KeySet> {
  const { issuer, clock, metadataMaxAge } = options;
  const configured = options.jwksUri === undefined ? null : new URL(options.jwksUri);
  const readMetadata = () =>
    options.metadata === undefined
      ? discover(issuer, options)
      : readConfiguredMetadata(new URL(options.metadata), options);
  let known: { readonly metadata: IssuerMetadata; readonly readAt: number } | null = null;
  let moved = false;

  const locate = async (): Promise<URL> => {
    if (configured) return configured;
    const age = known ? clock() - known.readAt : Infinity;
    if (known && !moved && age >= 0 && age < metadataMaxAge) return known.metadata.jwksUri;
    try {
      known = { metadata: await readMetadata(), readAt: clock() };
    } catch (error) {
      if (!known) throw error;
    }
    return known.metadata.jwksUri;
  };
  return async () => {
    const jwksUri = await locate();
    moved = true;
    const set = await fetchKeySet(jwksUri, options);
    moved = false;
    return set;
  };
}

async function fetchKeySet(jwksUri: URL, options: FetchOptions): Promise<KeySet> {
  const document = await fetchDocument(jwksUri, options);
  if (!Array.isArray(document?.keys)) throw new Error(`${jwksUri.href} answered no JWK Set`);
  const set = readKeySet(document.keys);
  if (set.jwks.length === 0) {
    throw new Error(`${jwksUri.href} answered no key that verifies signatures: ${faultsOf(document.keys)}`);
  }
  return set;
}

/** Faults that are told of one set. */
const mostFaults = 3;

/** Why no key of a set is of use. It repeats nothing of a key. */
function faultsOf(keys: readonly unknown[]): string {
  const faults = new Set(
    keys
      .slice(0, 20)
      .map((key) => readPublishedJwk(key))
      .filter((read) => typeof read === 'string'),
  );
  return [...faults].slice(0, mostFaults).join('; ') || 'the set is empty';
}
