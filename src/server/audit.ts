import type { DenialEvent } from '../auth/decide/denial.ts';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import { type AuditFeed, createAuditFeed } from '../audit/feed.ts';
import { type AuditRecorder, createAuditRecorder } from '../audit/recorder.ts';
import type { Recording } from '../audit/writer.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createShadowCounter } from '../observe/shadow.ts';
import type { Store } from '../store/tables.ts';

/** How long similar facts are counted together before they are written. */
const windowMs = 10_000;
/** How often facts are written. A killed process loses at most the facts of one interval. */
const noteIntervalMs = 1_000;
/** How often followers read the events of other processes. Each event arrives within two seconds. */
const pollIntervalMs = 1_000;

/** The audit trail of a server. */
export interface AuditTrail {
  readonly recorder: AuditRecorder;
  readonly feed: AuditFeed;
  /**
   * Records a denial. Also logs the denial if the log names rules. A denial by a rule in shadow mode is logged, but not
   * recorded.
   */
  readonly onDenial: (event: DenialEvent) => void;
  /**
   * Records a fact without a change in the database. A fact with the outcome `allowed` has its own row. Other facts are
   * counted together.
   */
  readonly record: (fact: AuditFact) => void;
  /** The `recording` of the recorder. It also counts sign-ins in the metrics. */
  readonly recording: Recording;
  /** Starts to write and log the counts at the end of each window. The database must be migrated. */
  start(): void;
  /** Stops, and writes the remaining counts. */
  close(): Promise<void>;
}

/**
 * Makes the audit trail of a server.
 *
 * @param namesRules - whether denials are logged with the name of their rule. The name helps the author of the schema
 */
export function auditTrail(
  store: Store,
  log: Logger,
  metrics: Pick<Metrics, 'denied' | 'signedIn' | 'watchAudit'>,
  namesRules: boolean,
): AuditTrail {
  const feed = createAuditFeed({
    store,
    everySecond(work) {
      const timer = setInterval(work, pollIntervalMs).unref();
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
  metrics.watchAudit(() => recorder.pending);
  const shadows = createShadowCounter(log);
  let timers: readonly NodeJS.Timeout[] = [];
  const flush = async () => {
    shadows.flush();
    await recorder.flush();
  };
  return {
    recorder,
    feed,
    onDenial(event) {
      const { mode, coordinate, rule, source, code, reason, principal } = event;
      const { clientId } = callerOf(principal);
      metrics.denied({ mode, coordinate, clientId, code });
      if (mode === 'shadow') return shadows.add({ coordinate, rule, clientId });
      recorder.denied(event);
      if (namesRules) log.info({ coordinate, rule, source, code, ...(reason && { reason }) }, 'denied by a rule');
    },
    record(fact) {
      if (fact.type === 'sign_in_failed') metrics.signedIn('failed');
      if (fact.outcome === 'allowed') recorder.note(fact);
      else recorder.count(fact);
    },
    async recording(fact, work) {
      const answer = await recorder.recording(fact, work);
      if (fact.type === 'sign_in') metrics.signedIn('ok');
      return answer;
    },
    start() {
      timers = [
        setInterval(() => void flush(), windowMs).unref(),
        setInterval(() => void recorder.writeNotes(), noteIntervalMs).unref(),
      ];
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await flush();
    },
  };
}
