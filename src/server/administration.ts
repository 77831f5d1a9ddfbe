import type { Config } from '../config.ts';
import type { KeySettings } from '../identity/keys/rotation.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import { openExisting } from '../store/existing.ts';
import type { Store } from '../store/tables.ts';
import { cataloguesOf } from './catalogues.ts';
import { keySettings } from './embedded/key-settings.ts';

export { databaseReason } from '../store/outage/reason.ts';

// The command line loads this and not the server: it shall answer at once.

/** What administrators work on, besides a running server or without one. */
export interface Administration {
  readonly store: Store;
  /** Those of our API and of the others. */
  readonly catalogue: ScopeCatalogue;
  /** Of the server. */
  readonly publicUrl: string;
  readonly keys: KeySettings & { readonly publishedFor: number };
}

/**
 * Opens the database of this configuration as it is. What is changed in it, running servers hear within two seconds.
 *
 * @throws Error where there is none, where its tables are of another version, and where accounts are another issuer's
 */
export async function openAdministration(config: Config): Promise<Administration> {
  if (config.issuer !== undefined) {
    throw new Error('CLAIMGATE_ISSUER is set: accounts, applications and grants are with that issuer');
  }
  return {
    store: await openExisting(config.databaseUrl),
    catalogue: cataloguesOf(config).all,
    publicUrl: config.publicUrl,
    keys: keySettings(config),
  };
}
