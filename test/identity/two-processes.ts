import type { TestContext } from 'node:test';
import { openDatabase } from '../../src/store/database.ts';
import type { DatabaseKind } from '../support/databases.ts';

/**
 * Opens two connections to one new database, like two processes. On SQLite it returns one connection twice, because two
 * connections of one process would only wait for each other.
 */
export async function openTwo(kind: DatabaseKind, t: TestContext) {
  const { url, drop } = await kind.create();
  const here = await openDatabase(url);
  const there = kind.name === 'SQLite' ? here : await openDatabase(url);
  t.after(async () => {
    await here.destroy();
    if (there !== here) await there.destroy();
    await drop();
  });
  return { here, there };
}

/**
 * Waits for all promises.
 * @returns the error codes of those that failed
 */
export async function faultsOf(attempts: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(attempts);
  return settled.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
}
