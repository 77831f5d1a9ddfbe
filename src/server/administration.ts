import type { Config } from '../config.ts';
import type { KeySettings } from '../identity/keys/rotation.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import { openExisting } from '../store/existing.ts';
import type { Store } from '../store/tables.ts';
import { cataloguesOf } from './catalogues.ts';
import { newKeySettings } from './embedded/key-settings.ts';
import type { OperatorTokenServer } from '../identity/operator-token.ts';

export { databaseReason } from '../store/outage/reason.ts';

// The command line loads this file without the rest of the server. Therefore a command starts quickly.

/** The parts that the administration commands use. A server may be running on the same database. */
export interface Administration {
  readonly store: Store;
  /** The scopes of this server's own API and of the other APIs. */
  readonly catalogue: ScopeCatalogue;
  /** The origin of the server. */
  readonly publicUrl: string;
  readonly keys: KeySettings & { readonly publishedForMs: number };
  /** The authorization server, for tokens that the operator issues. */
  readonly server: OperatorTokenServer & {
    /** The lifetime of an access token, in seconds. */
    readonly accessSeconds: number;
  };
}

/**
 * Opens the existing database of a configuration. Running servers read each change within two seconds.
 *
 * @throws Error if there is no database, if its tables have another version, or if the accounts are at a foreign issuer
 */
export async function openAdministration(config: Config): Promise<Administration> {
  if (config.issuer !== undefined) {
    throw new Error(
      'CLAIMGATE_ISSUER is set: accounts, applications, grants and tokens are with that issuer; manage them there, and get tokens from it',
    );
  }
  const { publicUrl, audience } = config;
  const catalogue = cataloguesOf(config).all;
  const keys = newKeySettings(config);
  return {
    store: await openExisting(config.databaseUrl),
    catalogue,
    publicUrl,
    keys,
    server: { issuer: publicUrl, audience, catalogue, sealer: keys.sealer, accessSeconds: config.lifetimes.access },
  };
}
