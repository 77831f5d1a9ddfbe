import type { DenialEvent } from '../auth/denial.ts';
import { type AuditFeed, createAuditFeed } from '../identity/audit-feed.ts';
import { type AuditRecorder, callerOf, createAuditRecorder } from '../identity/audit-recorder.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createShadowCounter } from '../observe/shadow.ts';
import type { Store } from '../store/tables.ts';

/** For how long facts that are alike are counted together, in milliseconds. */
const window = 10_000;
/** How often followers look for what other processes wrote, in milliseconds: it arrives within two seconds. */
const lookInterval = 1_000;

/** The audit trail of a server. */
export interface AuditTrail {
  readonly recorder: AuditRecorder;
  readonly feed: AuditFeed;
  /** Denials go into the trail; what a rule in shadow mode would deny, into the log. */
  readonly onDenial: (event: DenialEvent) => void;
  /** From now on, what was counted is written and logged at the end of each window. The database must be migrated. */
  start(): void;
  /** Writes what was counted. */
  close(): Promise<void>;
}

export function auditTrail(store: Store, log: Logger, metrics: Pick<Metrics, 'denied'>): AuditTrail {
  const feed = createAuditFeed({
    store,
    everySecond(work) {
      const timer = setInterval(work, lookInterval).unref();
      return () => clearInterval(timer);
    },
    onFault: (error) => log.error({ err: error }, 'audit events cannot be read'),
  });
  const recorder = createAuditRecorder({
    store,
    now: Date.now,
    onWritten: feed.wake,
    onFault: (error) => log.error({ err: error }, 'audit events cannot be written'),
  });
  const shadows = createShadowCounter(log);
  let timer: NodeJS.Timeout | undefined;
  const flush = async () => {
    shadows.flush();
    await recorder.flush();
  };
  return {
    recorder,
    feed,
    onDenial(event) {
      const { mode, coordinate, rule, code, principal } = event;
      const { clientId } = callerOf(principal);
      metrics.denied({ mode, coordinate, clientId, code });
      if (mode === 'enforce') recorder.denied(event);
      else shadows.add({ coordinate, rule, clientId });
    },
    start() {
      timer = setInterval(() => void flush(), window).unref();
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
