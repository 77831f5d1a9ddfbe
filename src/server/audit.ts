import type { DenialEvent } from '../auth/decide/denial.ts';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import { type AuditFeed, createAuditFeed } from '../audit/feed.ts';
import { type AuditRecorder, createAuditRecorder } from '../audit/recorder.ts';
import type { Recording } from '../audit/writer.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createShadowCounter } from '../observe/shadow.ts';
import type { Store } from '../store/tables.ts';

/** For how long facts that are alike are counted together, in milliseconds. */
const window = 10_000;
/** How often noted facts are written, in milliseconds: a killed process takes so much of them along. */
const noteInterval = 1_000;
/** How often followers look for what other processes wrote, in milliseconds: it arrives within two seconds. */
const lookInterval = 1_000;

/** The audit trail of a server. */
export interface AuditTrail {
  readonly recorder: AuditRecorder;
  readonly feed: AuditFeed;
  /** Denials go into the trail, and into the log where it names rules; what a rule in shadow mode would deny, into the log. */
  readonly onDenial: (event: DenialEvent) => void;
  /** Takes what happens and is no change: failures are counted, everything else has a row of its own. */
  readonly record: (fact: AuditFact) => void;
  /** As the recorder does it; of sign-ins the metrics are told. */
  readonly recording: Recording;
  /** From now on, what was counted is written and logged at the end of each window. The database must be migrated. */
  start(): void;
  /** Writes what was counted. */
  close(): Promise<void>;
}

export function auditTrail(
  store: Store,
  log: Logger,
  metrics: Pick<Metrics, 'denied' | 'signedIn' | 'watchAudit'>,
  /** Whether each denial is logged with its rule, for who writes the schema. */
  namesRules: boolean,
): AuditTrail {
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
        setInterval(() => void flush(), window).unref(),
        setInterval(() => void recorder.writeNotes(), noteInterval).unref(),
      ];
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await flush();
    },
  };
}
