import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import pg from 'pg';
import { dose } from './dose.ts';
import { postgresVariable, type RunningPostgres, startPostgres } from './postgres.ts';
import { temporaryFolder } from './process.ts';

/** A new, empty database. */
export interface TestDatabase {
  /** As `DATABASE_URL` takes it. */
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A kind of database that Claimgate keeps its data in. */
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

/** Every kind of database: what is asserted of one is asserted of all. */
const databaseKinds: readonly DatabaseKind[] = [sqlite, postgres];

/** Defines the same tests for each kind of database. */
export function onEachDatabase(define: (kind: DatabaseKind) => void): void {
  for (const kind of databaseKinds) onKind(kind, define);
}

/** Defines tests for one kind of database, for what is about that kind, or about no database at all. */
export function onDatabase(name: DatabaseKind['name'], define: (kind: DatabaseKind) => void): void {
  onKind(databaseNamed(name), define);
}

/**
 * Defines tests whose subject is not storage: for each kind of database in the full dose, for one kind in the small dose.
 *
 * @param name the kind in the small dose
 */
export function onDatabaseOfDose(name: DatabaseKind['name'], define: (kind: DatabaseKind) => void): void {
  if (dose('support/databases.ts') === 1) onDatabase(name, define);
  else onEachDatabase(define);
}

function onKind(kind: DatabaseKind, define: (kind: DatabaseKind) => void): void {
  describe(kind.name, () => {
    if (kind === postgres) before(async () => void (await serverUrl()));
    define(kind);
    // After what the tests themselves do at their end.
    if (kind === postgres) after(disposeOwn);
  });
}

/** One kind alone, for what is no test. A PostgreSQL that it starts ends with the process. */
export function databaseNamed(name: DatabaseKind['name']): DatabaseKind {
  return name === 'SQLite' ? sqlite : postgres;
}

let own: Promise<RunningPostgres> | undefined;

/** The server that the runner started for all files; for a file that is run alone, one of its own. */
async function serverUrl(): Promise<string> {
  const given = process.env[postgresVariable];
  if (given) return given;
  own ??= startPostgres();
  return (await own).url;
}

async function disposeOwn(): Promise<void> {
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
