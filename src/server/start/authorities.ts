import type { Config } from '../../config.ts';
import { removeUnfinished } from '../../store/backup/unfinished.ts';
import { isPostgres, migrateDatabase } from '../../store/database.ts';
import { databasePath } from '../../store/sqlite/location.ts';
import type { Store } from '../../store/tables.ts';
import type { ProofChecker } from '../../token/dpop/proof.ts';
import type { Authority } from '../authority.ts';
import { startFault } from '../database-faults.ts';
import { type FirstPassword, embeddedAuthority } from '../embedded/embedded.ts';
import { foreignAuthority } from '../foreign/foreign.ts';
import { sealAtRest } from '../embedded/keys.ts';
import { proofChecker } from '../proofs.ts';
import type { Api } from './api.ts';
import type { Foundation } from './foundation.ts';

/** The trusted issuers, and the checker of DPoP proofs. */
export interface TrustedIssuers {
  /** The embedded authorization server, if any, and then the foreign issuers. */
  readonly authorities: readonly Authority[];
  readonly proofs: ProofChecker;
}

/**
 * Migrates the database. With the embedded authorization server, fills an empty database (first start) and starts the
 * authorization server. Begins to fetch the keys of foreign issuers.
 *
 * @param announce - shows the generated password of the administrator at the first start
 * @throws StartError if the database cannot be used. The database is then closed
 */
export async function startAuthorities(
  config: Config,
  { log, metrics, store, audit, fetch }: Foundation,
  { embedded, catalogues }: Api,
  announce: (first: FirstPassword) => void,
): Promise<TrustedIssuers> {
  const { own, proofs } = await begin(config, store, async () => {
    await migrateDatabase(config.databaseSessionUrl ?? config.databaseUrl, store).catch((error: unknown) => {
      throw startFault(config, error, true);
    });
    const removed = isPostgres(config.databaseUrl) ? 0 : removeUnfinished(databasePath(config.databaseUrl), 'restore');
    if (removed > 0) log.warn({ files: removed }, 'unfinished restores were removed: their process was killed');
    await sealAtRest(config, store, log);
    const watched = {
      metrics,
      record: audit.record,
      changing: audit.recorder.changing,
      recording: audit.recording,
    };
    const own = embedded ? await embeddedAuthority(config, catalogues.all, store, log, announce, watched) : undefined;
    return { own, proofs: await proofChecker(config, store) };
  });
  const foreign = foreignAuthority(config, store, log, metrics, fetch);
  return { authorities: own ? [own, foreign] : [foreign], proofs };
}

/**
 * Runs the first work on the database, and closes the database if the work throws.
 *
 * @throws StartError if the driver throws
 */
async function begin<T>(config: Config, store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await store.destroy().catch(() => {});
    throw startFault(config, error);
  }
}
