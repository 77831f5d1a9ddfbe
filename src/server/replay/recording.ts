import type { KnownOperations, OperationSteps } from '../../api/operation/operation.ts';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import { createCallerHash } from '../../auth/recorded/hash.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../observe/log.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { type RequestBatch, writeRecordedRequests } from '../../store/recorded/write.ts';
import type { Store } from '../../store/tables.ts';
import { createRequestRecorder } from './recorder.ts';

/** How often the counts are written. A killed process loses at most the counts of one interval. */
const intervalMs = 10_000;
/** The largest size of the recorded requests in the database, in bytes. */
const maxBytes = 64 * 1024 * 1024;

/** Records the operations of a server for `claimgate replay`. */
export interface Recording {
  /** Adds the check that counts an operation, before the check by the rules. */
  readonly steps: (steps: OperationSteps) => OperationSteps;
  /** Returns operations that count each request one time, although Apollo Server may check it again. */
  readonly known: (known: KnownOperations) => KnownOperations;
  /** Begins to write the counts. The database must be migrated. */
  start(): void;
  /** Writes the counts now, unless a write is under way. Never rejects. */
  flush(): Promise<void>;
  /** Stops, and writes the remaining counts. */
  close(): Promise<void>;
}

/** The parts of a server that a recording uses. */
interface RecordingParts {
  readonly store: Store;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'recorded'>;
  /** The name of the field `schemaRules`. Default: the schema does not have it. */
  readonly rulesField?: string | undefined;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
}

/** Makes the recording of a server. `null`: it is off, and then no request costs anything. */
export function createRecording(
  { replay, encryptionKeys }: Pick<Config, 'replay' | 'encryptionKeys'>,
  { schema }: Pick<GuardedSchema, 'schema'>,
  { store, log, metrics, rulesField, now = Date.now }: RecordingParts,
): Recording | null {
  if (replay === null || encryptionKeys === undefined) return null;
  const recorder = createRequestRecorder({
    schema,
    hash: createCallerHash(encryptionKeys[0]),
    shownClaims: replay.claims,
    rulesField,
    now,
  });
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | null = null;
  let isFailing = false;

  async function write(): Promise<void> {
    const batch = recorder.take();
    if (!batch) return;
    try {
      await writeRecordedRequests(store, batch, { maxRows: replay?.maxRows ?? 0, maxBytes });
    } catch (error) {
      recorder.putBack(batch);
      // An outage is logged once.
      if (!isFailing) log.error({ err: error }, 'recorded operations cannot be written');
      isFailing = true;
      return;
    }
    isFailing = false;
    count(batch);
  }

  function count({ requests, unrecorded }: RequestBatch): void {
    metrics.recorded(
      'recorded',
      requests.reduce((sum, one) => sum + one.count, 0),
    );
    for (const [reason, lost] of unrecorded) metrics.recorded(reason, lost);
  }

  /** Writes the counts, unless a write is under way. Never rejects. */
  function flush(): Promise<void> {
    underWay ??= write()
      .catch((error: unknown) => log.error({ err: error }, 'recorded operations cannot be counted'))
      .finally(() => {
        underWay = null;
      });
    return underWay;
  }

  return {
    steps: (steps) => ({ ...steps, checks: [...steps.checks.slice(0, -1), recorder.check, ...steps.checks.slice(-1)] }),
    known: (known) => ({
      remember: (text, document) => known.remember(text, document),
      find: (text, operationName) => known.find(text, operationName),
      run(operation, variables, contextValue, type) {
        const answer = known.run(operation, variables, contextValue, type);
        if (!(answer instanceof Promise) && answer.kind === 'other') recorder.takeBack();
        return answer;
      },
      get entries() {
        return known.entries;
      },
      get bytes() {
        return known.bytes;
      },
    }),
    start() {
      timer = setInterval(() => void flush(), intervalMs).unref();
    },
    flush,
    async close() {
      clearInterval(timer);
      await underWay;
      await flush();
    },
  };
}
