import type { OperationDefinitionNode } from 'graphql';
import type { DocumentOf } from '../api/administration.ts';
import type { DenialEvent } from '../auth/decide/denial.ts';
import { type AuditFact, callerOf } from '../audit/facts.ts';
import { type AuditFeed, createAuditFeed } from '../audit/feed.ts';
import { type AuditRecorder, createAuditRecorder } from '../audit/recorder.ts';
import type { Recording } from '../audit/writer.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createShadowCounter } from '../observe/shadow.ts';
import type { Store } from '../store/tables.ts';

/**
 * How often the counts of facts are written. Until then, equal facts are counted together. A killed process loses at
 * most the counts of one window.
 */
const windowMs = 10_000;
/**
 * How often notes are written, which are facts with their own row. A killed process loses at most the notes of one
 * interval, if the database accepted writes.
 */
const noteIntervalMs = 1_000;
/** How often followers look for events of other processes. */
const pollIntervalMs = 1_000;

/** The audit trail of a server. */
export interface AuditTrail {
  readonly recorder: AuditRecorder;
  readonly feed: AuditFeed;
  /**
   * Counts a denial in the metrics and in the audit trail. Also logs the denial if the log names rules. A denial by a
   * rule in shadow mode has its own type of event. It is logged with its count at the end of each window.
   *
   * @param operation - the operation that was denied. Default: it is of no trusted document
   */
  readonly onDenial: (event: DenialEvent, operation?: OperationDefinitionNode) => void;
  /** Finds the trusted document of an operation. Before `nameDocuments` was called, no operation has one. */
  readonly documentOf: DocumentOf;
  /** Sets the function that finds the ID of a trusted document by its text. Facts about its operations name it. */
  readonly nameDocuments: (idOf: (text: string) => string | undefined) => void;
  /**
   * Records a fact that does not belong to a change in the database. A fact with the outcome `allowed` gets its own
   * row, unless too many facts wait to be written. Other facts are counted together.
   */
  readonly record: (fact: AuditFact) => void;
  /** The `recording` of the recorder. It also counts sign-ins in the metrics. */
  readonly recording: Recording;
  /**
   * Starts to write the notes every second, and to write and log the counts at the end of each window. The database
   * must be migrated.
   */
  start(): void;
  /** Stops, and writes the remaining notes and counts. */
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
  let idOf = (_text: string): string | undefined => undefined;
  const documentOf: DocumentOf = ({ loc, name }) => {
    const id = loc && idOf(loc.source.body);
    return id === undefined ? undefined : { id, name: name?.value };
  };
  const flush = async () => {
    shadows.flush();
    await recorder.flush();
  };
  return {
    recorder,
    feed,
    documentOf,
    nameDocuments(find) {
      idOf = find;
    },
    onDenial(event, operation) {
      const { mode, coordinate, rule, source, code, reason, principal } = event;
      const { clientId } = callerOf(principal);
      metrics.denied({ mode, coordinate, clientId, code });
      recorder.denied({ ...event, document: operation && documentOf(operation) });
      if (mode === 'shadow') return shadows.add({ coordinate, rule, clientId });
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
