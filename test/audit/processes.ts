import type { TestContext } from 'node:test';
import type { AuditFact } from '../../src/audit/facts.ts';
import { createAuditFeed } from '../../src/audit/feed.ts';
import { createAuditRecorder } from '../../src/audit/recorder.ts';
import { type AuditEvent, listAuditEvents } from '../../src/audit/trail.ts';
import { makePrincipal } from '../../src/principal.ts';
import { createStore } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrations.ts';
import type { Store } from '../../src/store/tables.ts';
import type { DatabaseKind } from '../support/databases.ts';

/**
 * Opens several processes on one new database. Each has its own store, recorder and feed. `second()` advances the feed
 * by one second. All recorders use `clock.now` as the time.
 */
export async function openProcesses(database: DatabaseKind, t: TestContext, number = 1) {
  const { url, drop } = await database.create();
  const clock = { now: 1_000_000 };
  const processes = Array.from({ length: number }, () => {
    const statements: string[] = [];
    const faults: unknown[] = [];
    const everySecond = new Set<() => void>();
    const heard: { onStatement?: (sql: string) => void } = {};
    const onStatement = (sql: string) => {
      statements.push(sql);
      heard.onStatement?.(sql);
    };
    const store = createStore(url, { onStatement });
    const onFault = (error: unknown) => faults.push(error);
    const feed = createAuditFeed({
      store,
      everySecond: (work) => {
        everySecond.add(work);
        return () => everySecond.delete(work);
      },
      onFault,
    });
    const recorder = createAuditRecorder({ store, now: () => clock.now, onWritten: feed.wake, onFault });
    const second = () => everySecond.forEach((work) => work());
    return { store, feed, recorder, statements, heard, faults, everySecond, second };
  });
  t.after(async () => {
    for (const { store } of processes) await store.destroy();
    await drop();
  });
  const [first] = processes;
  if (!first) throw new Error('no process');
  await migrate(first.store);
  return { ...first, clock, processes };
}

export const denial: AuditFact = {
  type: 'denial',
  outcome: 'denied',
  coordinate: 'Query.orders',
  rule: 'Query.orders',
  accountId: 'ada',
  clientId: 'web',
  detail: 'FORBIDDEN @auth(scope: "orders:read")',
};
export const administration: AuditFact = { ...denial, type: 'administration', outcome: 'allowed', detail: null };

export function principalOf(clientId: string) {
  return makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: 'ada',
    clientId,
    accountId: 'ada',
    scopes: new Set<string>(),
    expiresAt: 4_102_444_800,
    claims: { secret: 'sssh' },
  });
}

/** Returns every row of the audit trail, newest first. */
export async function rows(store: Store): Promise<readonly AuditEvent[]> {
  const { items } = await listAuditEvents(store, {}, { first: 100_000, after: null });
  return items;
}
