import type { Config } from '../../config.ts';
import { migrateDatabase } from '../../store/database.ts';
import type { Store } from '../../store/tables.ts';
import type { ProofChecker } from '../../token/dpop/proof.ts';
import type { Authority } from '../authority.ts';
import { startFault } from '../database-faults.ts';
import { type FirstPassword, ourselves } from '../embedded/embedded.ts';
import { foreign } from '../foreign/foreign.ts';
import { sealAtRest } from '../embedded/keys.ts';
import { proofChecker } from '../proofs.ts';
import type { Api } from './api.ts';
import type { Foundation } from './foundation.ts';

/** Whose tokens are accepted, and how proofs that come with them are checked. */
export interface Trusted {
  /** We ourselves first, where the authorization server is embedded; then the issuers elsewhere. */
  readonly authorities: readonly Authority[];
  readonly proofs: ProofChecker;
}

/**
 * Migrates the database, makes what a first start makes, and starts the authorization server and the issuers' keys.
 *
 * @param announce tells an administrator the password that was made up at the first start
 * @throws StartError where the database cannot be used; then it is closed
 */
export async function startAuthorities(
  config: Config,
  { log, metrics, store, audit, fetch }: Foundation,
  { embedded, catalogues }: Api,
  announce: (first: FirstPassword) => void,
): Promise<Trusted> {
  const { own, proofs } = await begin(config, store, async () => {
    await migrateDatabase(config.databaseSessionUrl ?? config.databaseUrl, store).catch((error: unknown) => {
      throw startFault(config, error, true);
    });
    await sealAtRest(config, store, log);
    const watched = {
      metrics,
      record: audit.record,
      changing: audit.recorder.changing,
      recording: audit.recording,
    };
    const own = embedded ? await ourselves(config, catalogues.all, store, log, announce, watched) : undefined;
    return { own, proofs: await proofChecker(config, store) };
  });
  const elsewhere = foreign(config, store, log, metrics, fetch);
  return { authorities: own ? [own, elsewhere] : [elsewhere], proofs };
}

/** Closes the database again where its beginning fails. @throws StartError for what its driver throws */
async function begin<T>(config: Config, store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await store.destroy().catch(() => {});
    throw startFault(config, error);
  }
}
