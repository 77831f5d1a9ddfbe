import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import {
  createAccount,
  findAccount,
  findAccountByEmail,
  listAccounts,
} from '../../../src/identity/accounts/accounts.ts';
import { signInSessionsByAccount } from '../../../src/identity/sessions/sessions.ts';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { sweep } from '../../../src/store/sweep.ts';
import type { Store } from '../../../src/store/tables.ts';
import { temporaryFolder } from '../../support/process.ts';
import { type Curve, note, type Point } from './curve.ts';

const dayMs = 86_400_000;

/**
 * Cost of statements on SQLite against the number of rows in the tables: so many accounts, each with a session and an
 * access token. SQLite runs in the process, so its processor time counts.
 */
export async function rowsCurve(sizes: readonly number[], seconds: number): Promise<Curve> {
  const points = new Map<string, Point[]>();
  // The first size is measured twice, because the runtime compiles the code meanwhile. Only the second turn counts.
  for (const [turn, size] of [sizes[0] ?? 1, ...sizes].entries()) {
    const folder = await temporaryFolder();
    const store = await openDatabase(`file:${join(folder.path, 'claimgate.db')}`);
    try {
      await fill(store, size);
      for (const [name, run] of Object.entries(await statements(store))) {
        const point = { size, value: await microseconds(run, seconds) };
        if (turn === 0) continue;
        note('rows', name, point);
        points.set(name, [...(points.get(name) ?? []), point]);
      }
    } finally {
      await store.destroy();
      await folder.remove();
    }
  }
  return {
    name: 'rows',
    of: 'rows in each table, on SQLite',
    unit: 'µs of the processor per statement',
    series: [...points].map(([name, of]) => ({ name, points: of })),
  };
}

async function fill(store: Store, size: number): Promise<void> {
  const now = Date.now();
  const numbers = `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${size})`;
  await store.transaction().execute(async (all) => {
    await sql
      .raw(`${numbers} insert into accounts (id, email, password_hash, roles, created_at)
        select 'a' || n, 'a' || n || '@example.com', 'x', '[]', ${now - dayMs} + n from numbers`)
      .execute(all);
    for (const model of ['Session', 'AccessToken']) {
      // Identifiers are hashes, so their rows lie anywhere in the index.
      await sql
        .raw(`${numbers} insert into artifacts
            (model, id_hash, payload, uid_hash, expires_at, account_id, credential_epoch, signed_in_at)
          select '${model}', hex(randomblob(16)), '{"kind":"${model}","accountId":"a' || n || '"}', hex(randomblob(16)),
            ${now + dayMs} + n, ${model === 'Session' ? `'a' || n` : 'null'}, 0, ${now} from numbers`)
        .execute(all);
    }
  });
}

/** The statements of the paths that requests take. Each function runs one. */
async function statements(store: Store): Promise<Readonly<Record<string, () => Promise<unknown>>>> {
  const account = await createAccount(store, { email: 'grace@example.com', passwordHash: 'x', roles: [] }, Date.now());
  const tokens = artifactsOfModel(store, 'AccessToken');
  const sessions = artifactsOfModel(store, 'Session');
  await tokens.upsert('token', { kind: 'AccessToken', accountId: account.id }, 3_600);
  const session = { kind: 'Session', uid: 'uid', accountId: account.id, credentialEpoch: 0, loginTs: 1 };
  await sessions.upsert('session', session, 3_600);
  return {
    'an account by its ID': () => findAccount(store, account.id),
    'an account by its address': () => findAccountByEmail(store, account.email),
    'the first 50 accounts': () => listAccounts(store, { first: 50, after: null }),
    'a token by its identifier': () => tokens.find('token'),
    'a session by its identifier, with its account': () => sessions.find('session'),
    'the sessions of an account': () => signInSessionsByAccount(store, [account.id], { first: 50, after: null }),
    'a new token, and its removal': async () => {
      const id = randomUUID();
      await tokens.upsert(id, { kind: 'AccessToken', accountId: account.id }, 3_600);
      await tokens.destroy(id);
    },
    'a sweep that finds nothing': () => sweep(store, Date.now()),
  };
}

/** Returns the median of the processor time of a function, in rounds. */
async function microseconds(run: () => Promise<unknown>, seconds: number): Promise<number> {
  const rounds: number[] = [];
  const size = 50;
  for (let index = 0; index < size; index += 1) await run();
  const until = performance.now() + seconds * 500;
  while (rounds.length < 5 || (performance.now() < until && rounds.length < 200)) {
    const before = process.cpuUsage();
    for (let index = 0; index < size; index += 1) await run();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / size);
  }
  return rounds.toSorted((one, other) => one - other)[Math.floor(rounds.length / 2)] ?? Number.NaN;
}
