import type { DatabaseSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { untilFree } from './busy.ts';
import { SharedFile, waitMs } from './shared-file.ts';

/**
 * Kysely's driver for `node:sqlite`. The whole process has one connection, because a file has one writer at a time.
 *
 * @param open called at the first statement. If it throws SQLITE_BUSY, the driver calls it again, for at most 5 s
 */
export class SqliteDriver implements Driver {
  readonly #open: () => DatabaseSync;
  #file: SharedFile | undefined;
  readonly #idle: SqliteConnection[] = [];

  constructor(open: () => DatabaseSync) {
    this.#open = open;
  }

  async init(): Promise<void> {
    this.#file = new SharedFile(
      await untilFree(
        () => this.#open(),
        () => waitMs,
      ),
    );
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

/** The statements and the transaction of one caller. All callers share the file. */
class SqliteConnection implements DatabaseConnection {
  readonly #file: SharedFile;
  #inTransaction = false;

  constructor(file: SharedFile) {
    this.#file = file;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // The caller states the type of the rows of its statement. The type is not checked.
    if (this.#inTransaction) return this.#file.inside(query) as QueryResult<R>;
    return (await (changesRows(query) ? this.#file.write(query) : this.#file.alone(query))) as QueryResult<R>;
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('node:sqlite does not stream rows');
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
