import { sql } from 'kysely';
import type pg from 'pg';
import { isPostgres } from './database.ts';
import { connectAlone } from './postgres/pooler.ts';
import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/** The kind of data that changed, and that all processes on the database must read again. */
export type NoticeTopic = 'revocations' | 'signing_keys' | 'audit_events';

const channel = 'claimgate';

/**
 * Notifies every process on the database of a change when the transaction is committed. Only PostgreSQL supports this.
 * On SQLite, or if a notice is lost, the processes find the change at their next regular read.
 */
export async function sendNotice(transaction: Store, topic: NoticeTopic): Promise<void> {
  if (speaksPostgres(transaction)) await sql`select pg_notify(${channel}, ${topic})`.execute(transaction);
}

/** Functions that are called for notices and outages. */
export interface ListenerOptions {
  /**
   * Called for every notice. Also called for every topic after each connect, because notices may have been missed. Must
   * not throw.
   */
  readonly onNotice: (topic: NoticeTopic) => void;
  /** Called once for each outage of the connection, when it begins. */
  readonly onFault: (error: unknown) => void;
}

const topics: ReadonlySet<string> = new Set<NoticeTopic>(['revocations', 'signing_keys', 'audit_events']);

/** How long to wait before the next attempt to connect. */
const retryDelayMs = 1_000;
/** How often the connection is checked. */
const probeIntervalMs = 10_000;

/**
 * Listens for notices on its own connection. If the connection is lost, connects again.
 *
 * @param url the database. Null or a file: there are no notices
 * @returns a function that stops listening
 */
export function listenForNotices(url: string | null, { onNotice, onFault }: ListenerOptions): () => Promise<void> {
  if (url === null || !isPostgres(url)) return async () => {};
  const address = url;
  let closed = false;
  let failing = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  function retry(cause: unknown): void {
    clearTimeout(timer);
    void disconnect();
    if (closed) return;
    if (!failing) onFault(cause);
    failing = true;
    timer = setTimeout(() => void connect(), retryDelayMs).unref();
  }

  async function disconnect(): Promise<void> {
    const ending = client;
    client = undefined;
    // `end` rejects if the connection has already ended.
    await ending?.end().catch(() => {});
  }

  async function connect(): Promise<void> {
    let made: pg.Client;
    try {
      made = await connectAlone(address);
    } catch (error) {
      retry(error);
      return;
    }
    if (closed) {
      await made.end().catch(() => {});
      return;
    }
    client = made;
    const onLost = (error: unknown) => {
      if (client === made) retry(error);
    };
    made.on('error', onLost);
    made.on('end', () => onLost(new Error('the connection ended')));
    made.on('notification', ({ payload }) => {
      if (isTopic(payload)) onNotice(payload);
    });
    try {
      await made.query(`listen ${channel}`);
      failing = false;
      for (const topic of topics) if (isTopic(topic)) onNotice(topic);
      probe(made, onLost);
    } catch (error) {
      onLost(error);
    }
  }

  /**
   * Checks the connection with a statement. Without this check, a connection over a broken network could seem usable
   * for hours.
   */
  function probe(made: pg.Client, onLost: (error: unknown) => void): void {
    if (client !== made) return;
    timer = setTimeout(() => {
      made.query('select 1').then(() => probe(made, onLost), onLost);
    }, probeIntervalMs).unref();
  }

  void connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await disconnect();
  };
}

function isTopic(payload: string | undefined): payload is NoticeTopic {
  return payload !== undefined && topics.has(payload);
}
