import { type FetchOptions, fetchDocument } from './document.ts';
import { IssuerFault } from './fault.ts';
import { keep, type KeepOptions, type Kept } from './kept.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyLocation } from './location.ts';
import { readPublishedJwk } from '../protocol/published-jwk.ts';
import { discover, endpointOf, type Metadata, readConfiguredMetadata } from './metadata.ts';

/** What a user of metadata reads of it: at least where the keys are. */
export interface KeyAddress {
  readonly jwksUri: URL;
}

/** Which issuer it is, where its documents are, and how they are fetched and kept. */
export interface PublishedOptions<Read extends KeyAddress> extends FetchOptions, KeyLocation {
  readonly issuer: string;
  /** Reads metadata. It throws where the metadata is of no use, which then counts as a failure to load it. */
  readonly read: (metadata: Metadata) => Read;
  readonly keepMetadata: Omit<KeepOptions<Read>, 'load'>;
  readonly keepKeys: Omit<KeepOptions<KeySet>, 'load'>;
}

/** What an issuer publishes. */
export interface Published<Read extends KeyAddress> {
  readonly metadata: Kept<Read>;
  readonly keys: Kept<KeySet>;
}

/**
 * Makes what is kept of an issuer's metadata and keys. Fetches nothing before one of them is needed.
 *
 * The keys are fetched from `jwksUri` of the configuration, else from the address that the metadata names. After a failure there the
 * metadata is read again, because an issuer may move its keys. While the metadata is not available, the last one counts.
 */
export function published<Read extends KeyAddress>(options: PublishedOptions<Read>): Published<Read> {
  const { issuer, read } = options;
  const configured = options.jwksUri === undefined ? null : new URL(options.jwksUri);
  const metadata = keep<Read>({
    ...options.keepMetadata,
    load: async () =>
      read(
        options.metadata === undefined
          ? await discover(issuer, options)
          : await readConfiguredMetadata(new URL(options.metadata), options),
      ),
  });
  let mayHaveMoved = false;
  const locate = async (): Promise<URL> => {
    if (configured) return configured;
    if (!mayHaveMoved) return (await metadata.latest()).jwksUri;
    const { jwksUri } = await metadata.reload().catch((error: unknown) => {
      const last = metadata.last();
      if (!last) throw error;
      return last;
    });
    return jwksUri;
  };
  const keys = keep<KeySet>({
    ...options.keepKeys,
    async load() {
      const jwksUri = await locate();
      mayHaveMoved = true;
      const set = await fetchKeySet(jwksUri, options);
      mayHaveMoved = false;
      return set;
    },
  });
  return { metadata, keys };
}

/** Where the keys are, for a user that needs nothing else of the metadata. */
export function keyAddressOf(metadata: Metadata): KeyAddress {
  return { jwksUri: endpointOf(metadata, 'jwks_uri') };
}

async function fetchKeySet(jwksUri: URL, options: FetchOptions): Promise<KeySet> {
  const fetched = await fetchDocument(jwksUri, options);
  const members: unknown = fetched.is === 'document' ? fetched.document.keys : undefined;
  if (!Array.isArray(members)) throw new IssuerFault(`${jwksUri.href} answered no JWK Set`, 'no-key-set');
  const set = readKeySet(members);
  // The keys before are worth more than none.
  if (set.jwks.length === 0) {
    const message = `${jwksUri.href} answered no key that verifies signatures: ${faultsOf(members)}`;
    throw new IssuerFault(message, 'no-key-set');
  }
  return set;
}

/** The most faults of one set that a message names, and the most keys that are looked at for them. */
const mostFaults = 3;
const mostJudged = 20;

/** Returns why no key of a set verifies signatures. Repeats nothing of a key. */
function faultsOf(members: readonly unknown[]): string {
  const faults = new Set(
    members
      .slice(0, mostJudged)
      .map((member) => readPublishedJwk(member))
      .filter((read) => typeof read === 'string'),
  );
  return [...faults].slice(0, mostFaults).join('; ') || 'the set is empty';
}
