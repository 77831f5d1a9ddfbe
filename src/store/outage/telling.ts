import type { AbortableOperationOptions, CompiledQuery, DatabaseConnection, Dialect, Driver } from 'kysely';
import { ClaimgateError } from '../../errors.ts';
import { toldOfDatabase, unavailability, type Unavailability } from './unavailable.ts';

/** Hears that the database could not be used, each time. May not throw. */
export type OnUnavailable = (reason: Unavailability, error: unknown) => void;

/** Begins to tell of a statement by its kind, such as `Select`; what is returned is called when it is over. */
export type TraceStatement = (kind: string) => (failed: boolean) => void;

/**
 * The same dialect, whose driver says in our words that the database is unavailable: whoever runs a statement, wherever, gets a
 * ClaimgateError `DATABASE_UNAVAILABLE`, with the driver's own as its cause.
 *
 * @param trace hears of each statement; null: nobody
 */
export function tellingDialect(dialect: Dialect, onUnavailable: OnUnavailable, trace: TraceStatement | null): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => tellingDriver(dialect.createDriver(), onUnavailable, trace),
  };
}

function tellingDriver(driver: Driver, onUnavailable: OnUnavailable, trace: TraceStatement | null): Driver {
  const told = new WeakSet<DatabaseConnection>();
  const telling = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof ClaimgateError ? null : unavailability(error);
      if (reason) onUnavailable(reason, error);
      throw toldOfDatabase(error);
    }
  };
  return {
    init: (options) => telling(() => driver.init(options)),
    async acquireConnection(options) {
      const connection = await telling(() => driver.acquireConnection(options));
      if (told.has(connection)) return connection;
      told.add(connection);
      // As Kysely itself does it for its log: the driver wants to have back the very connection that it gave.
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = <R>(query: CompiledQuery, options?: AbortableOperationOptions) =>
        traced(trace, query, () => telling(() => execute<R>(query, options)));
      return connection;
    },
    beginTransaction: (connection, settings) => telling(() => driver.beginTransaction(connection, settings)),
    commitTransaction: (connection) => telling(() => driver.commitTransaction(connection)),
    rollbackTransaction: (connection) => telling(() => driver.rollbackTransaction(connection)),
    releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
    destroy: (options) => driver.destroy(options),
  };
}

/** Of a statement its kind is told, and nothing of its text or parameters. */
async function traced<T>(trace: TraceStatement | null, { query }: CompiledQuery, work: () => Promise<T>): Promise<T> {
  if (!trace) return work();
  const end = trace(query.kind.replace(/(Query)?Node$/, ''));
  let failed = true;
  try {
    const result = await work();
    failed = false;
    return result;
  } finally {
    end(failed);
  }
}
