import { type FetchOptions, fetchDocument } from './document.ts';
import { IssuerFault } from './fault.ts';
import { createKeptValue, type KeepOptions, type KeptValue } from './kept.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyLocation } from './options/location.ts';
import { readPublishedJwk } from '../protocol/keys/published-jwk.ts';
import { discover, endpointOf, type IssuerMetadata, readConfiguredMetadata } from './metadata.ts';

/** The members of the metadata that are needed. Every caller needs the address of the keys. */
export interface KeyAddress {
  readonly jwksUri: URL;
}

/** The options of `createPublished`. */
export interface PublishedOptions<Read extends KeyAddress> extends FetchOptions, KeyLocation {
  readonly issuer: string;
  /**
   * Reads the needed members. If a member is missing or invalid, it must throw. The load of the metadata has then
   * failed.
   */
  readonly read: (metadata: IssuerMetadata) => Read;
  readonly keepMetadata: Omit<KeepOptions<Read>, 'load'>;
  readonly keepKeys: Omit<KeepOptions<KeySet>, 'load'>;
}

/** The metadata and keys that an issuer publishes. */
export interface Published<Read extends KeyAddress> {
  readonly metadata: KeptValue<Read>;
  readonly keys: KeptValue<KeySet>;
}

/**
 * Makes the two kept values of an issuer: its metadata and its keys. A document is fetched when it is first needed.
 *
 * The address of the keys is the configured `jwksUri`. Without this option, the metadata has the address. If the last
 * load of the keys failed, the metadata is read again, because the issuer may have moved its keys. If the metadata is
 * not available, the last metadata is used.
 */
export function createPublished<Read extends KeyAddress>(options: PublishedOptions<Read>): Published<Read> {
  const { issuer, read } = options;
  const configured = options.jwksUri === undefined ? null : new URL(options.jwksUri);
  const metadata = createKeptValue<Read>({
    ...options.keepMetadata,
    load: async () =>
      read(
        options.metadata === undefined
          ? await discover(issuer, options)
          : await readConfiguredMetadata(new URL(options.metadata), options),
      ),
  });
  const locate = async (mayHaveMoved: boolean): Promise<URL> => {
    if (configured) return configured;
    if (!mayHaveMoved) return (await metadata.latest()).jwksUri;
    const { jwksUri } = await metadata.reload().catch((error: unknown) => {
      const last = metadata.last();
      if (!last) throw error;
      return last;
    });
    return jwksUri;
  };
  const keys = createKeptValue<KeySet>({
    ...options.keepKeys,
    load: async (afterFailure) => fetchKeySet(await locate(afterFailure), options),
  });
  return { metadata, keys };
}

/** Reads the address of the keys from metadata. @throws IssuerFault if the address is missing or not allowed */
export function keyAddressOf(metadata: IssuerMetadata): KeyAddress {
  return { jwksUri: endpointOf(metadata, 'jwks_uri') };
}

async function fetchKeySet(jwksUri: URL, options: FetchOptions): Promise<KeySet> {
  const fetched = await fetchDocument(jwksUri, options);
  const members: unknown = fetched.is === 'document' ? fetched.document.keys : undefined;
  if (!Array.isArray(members)) throw new IssuerFault(`${jwksUri.href} answered no JWK Set`, 'no-key-set');
  const set = readKeySet(members);
  // A set without usable keys is a failure. Therefore the previous keys stay in use.
  if (set.jwks.length === 0) {
    const message = `${jwksUri.href} answered no key that verifies signatures: ${faultsOf(members)}`;
    throw new IssuerFault(message, 'no-key-set');
  }
  return set;
}

/** How many faults of one set a message names, and how many keys of the set are examined for faults. */
const maxFaults = 3;
const maxExaminedKeys = 20;

/** Returns why no key of a set can verify signatures. The text contains no value of a key. */
function faultsOf(members: readonly unknown[]): string {
  const faults = new Set(
    members
      .slice(0, maxExaminedKeys)
      .map((member) => readPublishedJwk(member))
      .filter((read) => typeof read === 'string'),
  );
  return [...faults].slice(0, maxFaults).join('; ') || 'the set is empty';
}
