import type { AbortableOperationOptions, CompiledQuery, DatabaseConnection, Dialect, Driver } from 'kysely';
import { ClaimgateError } from '../errors.ts';
import { toldOfDatabase, unavailability, type Unavailability } from './unavailable.ts';

/** Hears that the database could not be used, each time. May not throw. */
export type OnUnavailable = (reason: Unavailability, error: unknown) => void;

/**
 * The same dialect, whose driver says in our words that the database is unavailable: whoever runs a statement, wherever, gets a
 * ClaimgateError `DATABASE_UNAVAILABLE`, with the driver's own as its cause.
 */
export function tellingDialect(dialect: Dialect, onUnavailable: OnUnavailable): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => tellingDriver(dialect.createDriver(), onUnavailable),
  };
}

function tellingDriver(driver: Driver, onUnavailable: OnUnavailable): Driver {
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
        telling(() => execute<R>(query, options));
      return connection;
    },
    beginTransaction: (connection, settings) => telling(() => driver.beginTransaction(connection, settings)),
    commitTransaction: (connection) => telling(() => driver.commitTransaction(connection)),
    rollbackTransaction: (connection) => telling(() => driver.rollbackTransaction(connection)),
    releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
    destroy: (options) => driver.destroy(options),
  };
}
