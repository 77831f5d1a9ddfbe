import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, QueryResult } from 'kysely';

/**
 * How many prepared statements are kept. Without this limit their number would grow, because the number of parameters
 * can depend on the request.
 */
const maxPrepared = 1_000;

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

/** Executes statements on an open database and keeps them prepared. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  execute({ sql, parameters }: CompiledQuery): QueryResult<unknown> {
    const { statement, returnsRows } = this.#prepare(sql);
    const values = parameters.map(bound);
    if (returnsRows) return { rows: statement.all(...values) };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Executes a statement without parameters that returns no rows. */
  run(sql: string): void {
    this.#prepare(sql).statement.run();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (!prepared) {
      const statement = this.#database.prepare(sql);
      prepared = { statement, returnsRows: statement.columns().length > 0 };
      const [oldest] = this.#prepared.keys();
      if (oldest !== undefined && this.#prepared.size >= maxPrepared) this.#prepared.delete(oldest);
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }
}

/**
 * Returns a value in the form that `node:sqlite` accepts. Rejects objects, because `node:sqlite` would read a single
 * object as named parameters and bind nothing.
 */
function bound(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null)
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`A SQL parameter must be a string, number, bigint, boolean, bytes or null, not ${typeof value}`);
}
