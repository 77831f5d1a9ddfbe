import type { DatabaseSync } from 'node:sqlite';
import type { CompiledQuery, QueryResult } from 'kysely';
import { isBusy, untilFree } from './busy.ts';
import { Statements } from './statements.ts';

/** How long a statement waits for another process's transaction, in milliseconds. */
export const waitMs = 5_000;
/**
 * How long a statement waits until the first transaction or write has succeeded, in milliseconds. Another process may
 * be migrating the file on a slow machine.
 */
const firstWaitMs = 30_000;
/**
 * How long a statement waits if the statement before it waited without success, in milliseconds. Statements wait one
 * after another, so long waits would add up. After the next successful write, `waitMs` applies again.
 */
const shortWaitMs = 50;

/** A statement that waits to be executed together with other statements. */
interface Write {
  readonly query: CompiledQuery;
  readonly resolve: (result: QueryResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * An open database file. It orders the statements of all callers.
 *
 * A statement that changes rows outside of a transaction is collected. All collected statements of one turn of the
 * event loop are committed together, and share one wait for the disk. Their callers get the results after the commit.
 */
export class SharedFile {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  #waitMs = firstWaitMs;
  /** Whether a caller's transaction is open. All other callers wait for its end. */
  #taken = false;
  #waiting: (() => void)[] = [];
  #writes: Write[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new Statements(database);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Executes a statement of the open transaction. @throws if SQLite has rolled the transaction back */
  inside(query: CompiledQuery): QueryResult<unknown> {
    if (!this.#database.isTransaction) throw new Error('the transaction was rolled back before this statement');
    return this.#statements.execute(query);
  }

  /** Executes one statement outside of a transaction. */
  alone(query: CompiledQuery): Promise<QueryResult<unknown>> {
    return this.#whenFree(() => this.#statements.execute(query));
  }

  /** Executes a statement in one transaction with the other statements of this turn. */
  write(query: CompiledQuery): Promise<QueryResult<unknown>> {
    return new Promise((resolve, reject) => {
      this.#writes.push({ query, resolve, reject });
      if (this.#writes.length === 1) setImmediate(() => void this.#writeTogether());
    });
  }

  /**
   * Begins a transaction that may write (`begin immediate`).
   *
   * A deferred transaction that reads and then writes fails at once if another process wrote in between. A wait does
   * not help.
   */
  begin(): Promise<void> {
    return this.#whenFree(() => {
      this.#statements.run('begin immediate');
      this.#taken = true;
    });
  }

  commit(): void {
    this.#statements.run('commit');
    this.#waitMs = waitMs;
    this.#free();
  }

  rollback(): void {
    try {
      // If the disk is full, SQLite has already rolled the transaction back.
      if (this.#database.isTransaction) this.#statements.run('rollback');
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

  /** Calls a synchronous function when no caller's transaction is open and no other process has the file locked. */
  async #whenFree<T>(work: () => T): Promise<T> {
    let waited = false;
    const limitMs = () => {
      waited = true;
      return this.#waitMs;
    };
    const mayStart = () => (this.#taken ? new Promise<void>((resolve) => this.#waiting.push(resolve)) : null);
    try {
      return await untilFree(work, limitMs, mayStart);
    } catch (error) {
      if (waited && isBusy(error)) this.#waitMs = shortWaitMs;
      throw error;
    }
  }

  /** Writes all waiting statements and the statements that arrive before the transaction begins. Never rejects. */
  async #writeTogether(): Promise<void> {
    try {
      await this.#whenFree(() => {
        this.#statements.run('begin immediate');
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

  /**
   * Executes these statements in the open transaction and commits it. A statement that fails changes nothing. If the
   * commit fails, no statement is stored.
   */
  #commitAll(writes: readonly Write[]): void {
    const answers: (() => void)[] = [];
    try {
      for (const { query, resolve, reject } of writes) {
        try {
          const result = this.#statements.execute(query);
          answers.push(() => resolve(result));
        } catch (error) {
          // SQLite undoes a statement that fails and keeps the other statements, unless it has rolled back the whole
          // transaction.
          if (!this.#database.isTransaction) throw error;
          answers.push(() => reject(error));
        }
      }
      this.#statements.run('commit');
      this.#waitMs = waitMs;
    } catch (error) {
      for (const { reject } of writes) reject(error);
      if (this.#database.isTransaction) this.#statements.run('rollback');
      return;
    }
    for (const answer of answers) answer();
  }
}
