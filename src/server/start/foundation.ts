import type { Config } from '../../config.ts';
import { outboundProxies } from '../../config/environment/proxies.ts';
import { createLogger, type ServerLog } from '../../observe/log.ts';
import { createMetrics, type Metrics } from '../../observe/metrics.ts';
import { startTracing, type Tracing } from '../../observe/tracing.ts';
import { createStore, poolState } from '../../store/database.ts';
import type { Store } from '../../store/tables.ts';
import { type AuditTrail, auditTrail } from '../audit.ts';
import { outageReporter } from '../outages.ts';
import { outboundFetch } from '../foreign/outbound.ts';
import { tracedMetrics } from '../watch.ts';

/** The parts that every other part of the server uses. */
export interface Foundation extends ServerLog {
  readonly metrics: Metrics;
  /** Null: no traces are sent. */
  readonly tracing: Tracing | null;
  readonly store: Store;
  readonly audit: AuditTrail;
  /** Calls foreign issuers. It uses the proxy of the environment. */
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Makes the log, the metrics, the traces, the database pool and the audit trail. Opens no connection to the database.
 */
export async function layFoundation(config: Config): Promise<Foundation> {
  const { log, access } = createLogger(config.logLevel);
  const tracing = await startTracing(process.env, (reason) => log.warn({ reason }, 'traces cannot be sent'));
  const metrics = tracedMetrics(createMetrics(), tracing);
  const outages = outageReporter(log);
  const store = createStore(config.databaseUrl, {
    onUnavailable(reason, error) {
      metrics.databaseFailed(reason);
      outages(reason, error);
    },
    ...(tracing && {
      trace(kind) {
        const span = tracing.part(`database ${kind}`, 'client');
        return (failed) => span.end(failed);
      },
    }),
  });
  metrics.watchPool(() => poolState(store));
  const audit = auditTrail(store, log, metrics, process.env['NODE_ENV'] !== 'production');
  return { log, access, metrics, tracing, store, audit, fetch: outboundFetch(outboundProxies(process.env)) };
}
