import type { AbortableOperationOptions, CompiledQuery, DatabaseConnection, Dialect, Driver } from 'kysely';
import { ClaimgateError } from '../../errors.ts';
import { asUnavailable, unavailability, type Unavailability } from './unavailable.ts';

/** Called each time the database could not be used. Must not throw. */
export type OnUnavailable = (reason: Unavailability, error: unknown) => void;

/**
 * Called before a statement. The argument is the kind of statement, such as `Select`. The returned function is called
 * after the statement.
 */
export type TraceStatement = (kind: string) => (failed: boolean) => void;

/**
 * Returns the dialect with a driver that reports an unavailable database. If the database is unavailable, every
 * statement throws ClaimgateError `DATABASE_UNAVAILABLE`. Its cause is the error of the driver.
 *
 * @param onUnavailable called for each of these errors
 * @param trace called for each statement; null: no tracing
 */
export function reportingDialect(
  dialect: Dialect,
  onUnavailable: OnUnavailable,
  trace: TraceStatement | null,
): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => reportingDriver(dialect.createDriver(), onUnavailable, trace),
  };
}

function reportingDriver(driver: Driver, onUnavailable: OnUnavailable, trace: TraceStatement | null): Driver {
  const wrapped = new WeakSet<DatabaseConnection>();
  const reporting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof ClaimgateError ? null : unavailability(error);
      if (reason) onUnavailable(reason, error);
      throw asUnavailable(error);
    }
  };
  return {
    init: (options) => reporting(() => driver.init(options)),
    async acquireConnection(options) {
      const connection = await reporting(() => driver.acquireConnection(options));
      if (wrapped.has(connection)) return connection;
      wrapped.add(connection);
      // The method is replaced on the connection itself, because the driver expects its own connection object back.
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = <R>(query: CompiledQuery, options?: AbortableOperationOptions) =>
        traced(trace, query, () => reporting(() => execute<R>(query, options)));
      return connection;
    },
    beginTransaction: (connection, settings) => reporting(() => driver.beginTransaction(connection, settings)),
    commitTransaction: (connection) => reporting(() => driver.commitTransaction(connection)),
    rollbackTransaction: (connection) => reporting(() => driver.rollbackTransaction(connection)),
    releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
    destroy: (options) => driver.destroy(options),
  };
}

/** Traces a statement by its kind. Its text and its parameters are not passed on. */
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
