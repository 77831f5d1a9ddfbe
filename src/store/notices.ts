import { sql } from 'kysely';
import type pg from 'pg';
import { isPostgres } from './database.ts';
import { connectAlone } from './postgres/pooler.ts';
import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/** What all processes on a database shall look at again. */
export type Topic = 'revocations' | 'signing_keys' | 'audit_events';

const channel = 'claimgate';

/**
 * Tells every process on the database, as soon as the transaction is committed, that there is something new. Only PostgreSQL
 * can; on SQLite, and where a notice gets lost, they find it when they look the next time.
 */
export async function notify(transaction: Store, topic: Topic): Promise<void> {
  if (speaksPostgres(transaction)) await sql`select pg_notify(${channel}, ${topic})`.execute(transaction);
}

export interface ListenerOptions {
  /** Called for every notice, and for every topic when the connection is made anew: some may have been missed. May not throw. */
  readonly onNotice: (topic: Topic) => void;
  /** Hears of each outage when it begins. */
  readonly onFault: (error: unknown) => void;
}

const topics: ReadonlySet<string> = new Set<Topic>(['revocations', 'signing_keys', 'audit_events']);

/** How long until a lost connection is tried again, and how often it is made sure that one is not lost, in milliseconds. */
const retryAfter = 1_000;
const probeEvery = 10_000;

/**
 * Listens for notices on a connection of its own, which is made again whenever it is lost.
 *
 * @param url null: nothing is heard
 * @returns ends it
 */
export function listen(url: string | null, { onNotice, onFault }: ListenerOptions): () => Promise<void> {
  if (url === null || !isPostgres(url)) return async () => {};
  const address = url;
  let closed = false;
  let failing = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  function lost(cause: unknown): void {
    clearTimeout(timer);
    void hangUp();
    if (closed) return;
    if (!failing) onFault(cause);
    failing = true;
    timer = setTimeout(() => void connect(), retryAfter).unref();
  }

  async function hangUp(): Promise<void> {
    const ending = client;
    client = undefined;
    // It may have ended by itself, and then says so.
    await ending?.end().catch(() => {});
  }

  async function connect(): Promise<void> {
    let made: pg.Client;
    try {
      made = await connectAlone(address);
    } catch (error) {
      lost(error);
      return;
    }
    if (closed) {
      await made.end().catch(() => {});
      return;
    }
    client = made;
    const whenLost = (error: unknown) => {
      if (client === made) lost(error);
    };
    made.on('error', whenLost);
    made.on('end', () => whenLost(new Error('the connection ended')));
    made.on('notification', ({ payload }) => {
      if (isTopic(payload)) onNotice(payload);
    });
    try {
      await made.query(`listen ${channel}`);
      failing = false;
      for (const topic of topics) if (isTopic(topic)) onNotice(topic);
      probe(made, whenLost);
    } catch (error) {
      whenLost(error);
    }
  }

  /** Behind a network that drops everything a connection looks alive for hours: it is asked, and must answer. */
  function probe(made: pg.Client, whenLost: (error: unknown) => void): void {
    if (client !== made) return;
    timer = setTimeout(() => {
      made.query('select 1').then(() => probe(made, whenLost), whenLost);
    }, probeEvery).unref();
  }

  void connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await hangUp();
  };
}

function isTopic(payload: string | undefined): payload is Topic {
  return payload !== undefined && topics.has(payload);
}
