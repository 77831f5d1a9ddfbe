import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import type { Config } from '../../config.ts';
import { createLogger } from '../../observe/log.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { createStore } from '../../store/database.ts';
import { auditTrail } from '../audit.ts';
import { checkedApi, type DryCheck } from './api.ts';

/**
 * Finds every fault of a configuration and its schema, as a start finds them, without a start. It opens neither the
 * database nor the port, and calls no issuer.
 *
 * @param known - faults that earlier checks have found
 * @param onWarning - called with each warning about the schema. Default: no-op
 * @param adapt - changes the options of the guarded schema, for an attack. Default: they stay as they are
 * @returns the guarded schema of the API. It has no database: its rules can be decided, but the fields of the identity
 *   API cannot be read
 * @throws StartError with every fault
 */
export async function checkConfiguration(
  config: Config,
  known: readonly string[],
  onWarning: (warning: string) => void = () => {},
  adapt?: DryCheck['adapt'],
): Promise<GuardedSchema> {
  const { log } = createLogger('silent');
  const metrics = createMetrics();
  const store = createStore(config.databaseUrl);
  const audit = auditTrail(store, log, metrics, false);
  // A closed database refuses every statement, so the schema cannot create a database file.
  await store.destroy();
  const foundation = { log, metrics, store, audit, fetch };
  const { guarded } = await checkedApi(config, foundation, noServer, known, { extent: 'schema', onWarning, adapt });
  return guarded;
}

function noServer(): never {
  throw new Error('The configuration is only checked, and no server was started');
}
