import type { Config } from '../config.ts';
import { outboundProxies } from '../config/environment/proxies.ts';
import { StartError } from '../errors.ts';
import { listSigningKeys } from '../identity/keys/signing-keys.ts';
import { openReadOnly } from '../store/database.ts';
import { type Explanation, explainToken } from '../token/explain.ts';
import { startFault } from './database-faults.ts';
import { keySetOf, ownIssuer } from './embedded/embedded.ts';
import { foreignAuthority, foreignFaults } from './foreign/foreign.ts';
import { outboundFaults, outboundFetch } from './foreign/outbound.ts';
import { storedRevocations } from './embedded/revocations.ts';

export type { Explanation, Finding } from '../token/explain.ts';

/** Options of `inspectToken`. */
export interface InspectionOptions {
  /** How the token is sent. With `DPoP`, a valid proof is assumed. No proof is checked. */
  readonly scheme: 'Bearer' | 'DPoP';
}

/**
 * Reports the result of each check that a server with this configuration makes for a token. It needs no running server
 * and changes nothing. With the embedded authorization server, it reads the database. If the token names a foreign
 * issuer, it fetches the keys of this issuer.
 *
 * @throws Error if there is no SQLite file; StartError with the faults of the issuers, the proxy settings or the
 * database
 */
export async function inspectToken(config: Config, token: string, { scheme }: InspectionOptions): Promise<Explanation> {
  const faults = [...foreignFaults(config), ...outboundFaults(config, process.env)];
  if (faults.length > 0) throw new StartError(faults);
  const fetch = outboundFetch(outboundProxies(process.env));
  const elsewhere = foreignAuthority(config, undefined, undefined, undefined, fetch).issuers;
  if (config.issuer !== undefined) return explainToken(token, { issuers: elsewhere, scheme });
  const store = openReadOnly(config.databaseUrl);
  try {
    const now = Date.now();
    const keys = await listSigningKeys(store);
    const published = keys.filter(({ publishedUntil }) => publishedUntil === null || publishedUntil > now);
    const set = keySetOf(published);
    const issuers = [ownIssuer(config, () => set), ...elsewhere];
    const revocations = storedRevocations(config, store);
    // If this read fails, the check of revocations reports it.
    await revocations.refresh().catch(() => {});
    return await explainToken(token, { issuers, revocations, scheme });
  } catch (error) {
    throw startFault(config, error);
  } finally {
    await store.destroy();
  }
}
