import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** How long a writer waits for another process's transaction, in milliseconds. */
const patience = 5_000;
/** The same after one has waited in vain, until a write succeeds again: they wait one after another. */
const impatience = 50;
/** How long it waits before it tries again, in milliseconds: up to this, by chance, so that nobody is passed over for long. */
const pause = 8;

/**
 * Kysely's driver for `node:sqlite`: one connection for everybody in the process, since a file has one writer at a time.
 *
 * Statements that change rows and stand for themselves are written together with those that come in the same turn of the event
 * loop: each is told of when all of them are on the disk, and the disk is waited for once.
 *
 * Whoever finds the file taken by another process tries again in a moment, and this one goes on meanwhile: SQLite itself would
 * wait in its only thread, with everybody in it, and longer each time.
 */
export class SqliteDriver implements Driver {
  readonly #open: () => DatabaseSync;
  #file: SqliteFile | undefined;
  readonly #idle: SqliteConnection[] = [];

  constructor(open: () => DatabaseSync) {
    this.#open = open;
  }

  async init(): Promise<void> {
    const database = await untilFree(() => this.#open(), patience);
    this.#file = new SqliteFile(database);
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (!this.#file) throw new Error('the driver was not initialised');
    return this.#idle.pop() ?? new SqliteConnection(this.#file);
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    this.#idle.push(connection);
  }

  beginTransaction(connection: SqliteConnection): Promise<void> {
    return connection.begin();
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    connection.commit();
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.rollback();
  }

  async destroy(): Promise<void> {
    this.#file?.close();
  }
}

/** What one caller at a time holds: its own statements and its own transaction, in the file that is everybody's. */
class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile;
  #inTransaction = false;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // The rows are what the caller says that the statement gives.
    if (this.#inTransaction) return this.#file.inside(query) as QueryResult<R>;
    return (await (changesRows(query) ? this.#file.write(query) : this.#file.alone(query))) as QueryResult<R>;
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('node:sqlite answers in one piece');
  }

  async begin(): Promise<void> {
    await this.#file.begin();
    this.#inTransaction = true;
  }

  commit(): void {
    this.#file.commit();
    this.#inTransaction = false;
  }

  rollback(): void {
    this.#inTransaction = false;
    this.#file.rollback();
  }
}

function changesRows({ query }: CompiledQuery): boolean {
  return query.kind === 'InsertQueryNode' || query.kind === 'UpdateQueryNode' || query.kind === 'DeleteQueryNode';
}

/** A statement that waits to be written with others. */
interface Write {
  readonly query: CompiledQuery;
  readonly resolve: (result: QueryResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

interface Prepared {
  readonly statement: StatementSync;
  /** Whether it answers with rows. */
  readonly answers: boolean;
}

/** A file, and the order in which what is asked of it is done. */
class SqliteFile {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  #patience = patience;
  /** Whether somebody's transaction is open: all others wait for its end. */
  #taken = false;
  #waiting: (() => void)[] = [];
  #writes: Write[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Executes a statement of the transaction that is open. @throws where SQLite has rolled it back: nothing may come after */
  inside(query: CompiledQuery): QueryResult<unknown> {
    if (!this.#database.isTransaction) throw new Error('the transaction was rolled back before this statement');
    return this.execute(query);
  }

  execute({ sql, parameters }: CompiledQuery): QueryResult<unknown> {
    const { statement, answers } = this.#prepare(sql);
    const values = parameters.map(bound);
    if (answers) return { rows: statement.all(...values) };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Executes a statement by itself. */
  alone(query: CompiledQuery): Promise<QueryResult<unknown>> {
    return this.#patiently(() => this.execute(query));
  }

  /** Executes a statement together with the others of this turn. */
  write(query: CompiledQuery): Promise<QueryResult<unknown>> {
    return new Promise((resolve, reject) => {
      this.#writes.push({ query, resolve, reject });
      if (this.#writes.length === 1) setImmediate(() => void this.#writeTogether());
    });
  }

  /** A deferred transaction that reads and then writes fails at once, however patient, when another process wrote between. */
  begin(): Promise<void> {
    return this.#patiently(() => {
      this.#run('begin immediate');
      this.#taken = true;
    });
  }

  commit(): void {
    this.#run('commit');
    this.#patience = patience;
    this.#free();
  }

  rollback(): void {
    try {
      // Where the disk is full SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.#run('rollback');
    } finally {
      this.#free();
    }
  }

  #free(): void {
    this.#taken = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Does what is done in one go, when nobody's transaction is open and as soon as no other process stands in its way. */
  async #patiently<T>(work: () => T): Promise<T> {
    let until: number | undefined;
    for (;;) {
      while (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        until ??= performance.now() + this.#patience;
        if (performance.now() >= until) {
          this.#patience = impatience;
          throw error;
        }
        await setTimeout(1 + Math.random() * pause);
      }
    }
  }

  /** Writes all that waits, those too that came to wait meanwhile. Never rejects. */
  async #writeTogether(): Promise<void> {
    try {
      await this.#patiently(() => {
        this.#run('begin immediate');
        const writes = this.#writes;
        this.#writes = [];
        this.#commitAll(writes);
      });
    } catch (error) {
      const writes = this.#writes;
      this.#writes = [];
      for (const { reject } of writes) reject(error);
    }
  }

  /** Ends the transaction that was begun, with each of these statements in it that did not fail, or with none. */
  #commitAll(writes: readonly Write[]): void {
    const answers: (() => void)[] = [];
    try {
      for (const { query, resolve, reject } of writes) {
        try {
          const result = this.execute(query);
          answers.push(() => resolve(result));
        } catch (error) {
          // A statement that fails undoes itself, and the others stand; unless SQLite has rolled back all of them.
          if (!this.#database.isTransaction) throw error;
          answers.push(() => reject(error));
        }
      }
      this.#run('commit');
      this.#patience = patience;
    } catch (error) {
      for (const { reject } of writes) reject(error);
      if (this.#database.isTransaction) this.#run('rollback');
      return;
    }
    for (const answer of answers) answer();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (!prepared) {
      const statement = this.#database.prepare(sql);
      prepared = { statement, answers: statement.columns().length > 0 };
      // Some statements have as many parameters as a request has values: of each length there is a text.
      const [oldest] = this.#prepared.keys();
      if (oldest !== undefined && this.#prepared.size >= mostPrepared) this.#prepared.delete(oldest);
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }

  #run(sql: string): void {
    this.#prepare(sql).statement.run();
  }
}

/** How many statements are kept prepared. */
const mostPrepared = 1_000;

/** Does the work, and repeats it while another process has the file locked. @throws the last error after `limit` milliseconds */
async function untilFree<T>(work: () => T, limit: number): Promise<T> {
  const until = performance.now() + limit;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
      await setTimeout(1 + Math.random() * pause);
    }
  }
}

/** SQLITE_BUSY and what is said of it more exactly (https://sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}

/** `node:sqlite` takes a lone object for named parameters and binds nothing: only plain values may pass. */
function bound(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null)
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`A SQL parameter must be a string, number, bigint, boolean, bytes or null, not ${typeof value}`);
}
