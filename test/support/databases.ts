import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import pg from 'pg';
import { postgresVariable, type RunningPostgres, startPostgres } from './postgres.ts';
import { temporaryFolder } from './process.ts';

/** A new, empty database. */
export interface TestDatabase {
  /** The value for `DATABASE_URL`. */
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A kind of database that Claimgate supports. */
export interface DatabaseKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  create(): Promise<TestDatabase>;
}

const sqlite: DatabaseKind = {
  name: 'SQLite',
  async create() {
    const folder = await temporaryFolder();
    return { url: `file:${join(folder.path, 'test.db')}`, drop: folder.remove };
  },
};

const postgres: DatabaseKind = {
  name: 'PostgreSQL',
  async create() {
    const name = `test_${randomBytes(8).toString('hex')}`;
    await administer(`create database ${name}`);
    const url = new URL(await serverUrl());
    url.pathname = name;
    return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) };
  },
};

/** Every kind of database. */
const databaseKinds: readonly DatabaseKind[] = [sqlite, postgres];

/** Defines the same tests for each kind of database. */
export function onEachDatabase(define: (kind: DatabaseKind) => void): void {
  for (const kind of databaseKinds) onKind(kind, define);
}

/**
 * Defines tests for one kind of database. It is for tests of this kind, and for tests in which the kind does not
 * matter.
 */
export function onDatabase(name: DatabaseKind['name'], define: (kind: DatabaseKind) => void): void {
  onKind(databaseNamed(name), define);
}

/** The variable with which tests whose subject is not storage run on each kind of database: `each`. */
const databasesVariable = 'TEST_DATABASES';

/**
 * Defines tests whose subject is not storage. They run on one kind of database. With `TEST_DATABASES=each`, they run on
 * each kind.
 *
 * @param name the one kind
 * @throws Error if the variable has another value
 */
export function onDatabaseOrEach(name: DatabaseKind['name'], define: (kind: DatabaseKind) => void): void {
  const given = process.env[databasesVariable] ?? '';
  if (given !== '' && given !== 'each')
    throw new Error(`${databasesVariable}=${JSON.stringify(given)}: expected each, or no value for one database`);
  if (given === 'each') onEachDatabase(define);
  else onDatabase(name, define);
}

function onKind(kind: DatabaseKind, define: (kind: DatabaseKind) => void): void {
  describe(kind.name, () => {
    if (kind === postgres) before(async () => void (await serverUrl()));
    define(kind);
    // This runs after the `after` functions of the tests.
    if (kind === postgres) after(disposeOwn);
  });
}

/**
 * Returns one kind of database, for programs that are not tests. If it starts a PostgreSQL server, the process does not
 * end before `disposeOwn`.
 */
export function databaseNamed(name: DatabaseKind['name']): DatabaseKind {
  return name === 'SQLite' ? sqlite : postgres;
}

let own: Promise<RunningPostgres> | undefined;

/**
 * Returns the URL of the server that the test runner started for all files. If a file runs alone, starts a server for
 * it.
 */
async function serverUrl(): Promise<string> {
  const given = process.env[postgresVariable];
  if (given) return given;
  own ??= startPostgres();
  return (await own).url;
}

/** Ends the PostgreSQL server that this process started, if there is one. */
export async function disposeOwn(): Promise<void> {
  await (await own)?.dispose();
  own = undefined;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: await serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
