import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Kysely, sql, type TableMetadata } from 'kysely';
import { Migrator } from 'kysely/migration';
import { createStore, openDatabase } from '../../src/store/database.ts';
import { migrate, migrations } from '../../src/store/migrations.ts';
import { type DatabaseKind, onEachDatabase } from '../support/databases.ts';
import { freePort, run, temporaryFolder } from '../support/process.ts';
import { program } from '../support/program.ts';

const names = Object.keys(migrations);

/** The database without the types of the present tables, because it has the tables of an earlier version. */
type AnyStore = Kysely<Record<string, Record<string, unknown>>>;

/** Tables to which others refer. Their rows are added first. */
const referredTo = ['accounts', 'applications', 'grants'];

/** A value that is valid in every column of text: an identifier for references, and a JSON array. */
const text = '[]';

async function tablesOf(store: AnyStore): Promise<TableMetadata[]> {
  const tables = (await store.introspection.getTables()).filter(({ name }) => !name.startsWith('kysely_'));
  const rank = ({ name }: TableMetadata) => (referredTo.indexOf(name) + 1 || referredTo.length + 1) + name;
  return tables.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** Adds one row to each table that is empty. */
async function fill(store: AnyStore): Promise<void> {
  for (const { name, columns } of await tablesOf(store)) {
    const { count } = await store.selectFrom(name).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
    if (count > 0) continue;
    const row = columns
      .filter(({ isAutoIncrementing }) => !isAutoIncrementing)
      .map((column) => [column.name, /int/i.test(column.dataType) ? 1 : text] as const);
    await store.insertInto(name).values(Object.fromEntries(row)).execute();
  }
}

async function rowsOf(store: AnyStore): Promise<Record<string, Record<string, unknown>[]>> {
  const rows: Record<string, Record<string, unknown>[]> = {};
  for (const { name } of await tablesOf(store)) rows[name] = await store.selectFrom(name).selectAll().execute();
  return rows;
}

interface Schema {
  readonly tables: readonly { readonly name: string; readonly columns: readonly Column[] }[];
  readonly indexes: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  /** Whether a version that does not know the column can add a row. */
  readonly isOptional: boolean;
  readonly isNullable: boolean;
}

/** Describes the tables with their columns and the names of their indexes. */
async function schemaOf(store: AnyStore, kind: DatabaseKind['name']): Promise<Schema> {
  const indexes = await sql<{ name: string }>`${sql.raw(
    kind === 'SQLite'
      ? `select name from sqlite_schema where type = 'index' and sql is not null order by name`
      : `select indexname as name from pg_indexes where schemaname = 'public' and indexname not like 'kysely%' order by indexname`,
  )}`.execute(store);
  const tables = (await tablesOf(store)).map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({
      name: column.name,
      type: column.dataType,
      isOptional: column.isNullable || column.hasDefaultValue || column.isAutoIncrementing,
      isNullable: column.isNullable,
    })),
  }));
  return { tables, indexes: indexes.rows.map(({ name }) => name) };
}

async function migrateTo(store: AnyStore, name: string): Promise<void> {
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateTo(name);
  if (error) throw error;
}

onEachDatabase((database) => {
  describe('migrations', () => {
    const inDatabase = async (use: (store: AnyStore, url: string) => Promise<void>) => {
      const { url, drop } = await database.create();
      const store = createStore(url) as unknown as AnyStore;
      try {
        await use(store, url);
      } finally {
        await store.destroy();
        await drop();
      }
    };

    it('U-1 from each earlier state lead to the tables of a new database, and keep every row', async () => {
      let fresh: Schema | undefined;
      await inDatabase(async (store, url) => {
        await (await openDatabase(url)).destroy();
        fresh = await schemaOf(store, database.name);
      });
      for (const name of names.slice(0, -1)) {
        await inDatabase(async (store) => {
          await migrateTo(store, name);
          await fill(store);
          const before = await rowsOf(store);
          await migrate(store);
          const after = await rowsOf(store);
          for (const [table, [row]] of Object.entries(before)) {
            const kept = after[table]?.find((other) =>
              Object.entries(row ?? {}).every(([key, value]) => other[key] === value),
            );
            assert.ok(kept, `${name}: ${table}`);
          }
          assert.deepEqual(await schemaOf(store, database.name), fresh, name);
          await migrate(store);
        });
      }
    });

    it('U-2 only add tables, columns that an older version may leave out, and indexes', async () => {
      await inDatabase(async (store) => {
        let earlier: Schema = { tables: [], indexes: [] };
        for (const name of names) {
          await migrateTo(store, name);
          const later: Schema = await schemaOf(store, database.name);
          for (const { name: table, columns } of earlier.tables) {
            const now = later.tables.find((other) => other.name === table);
            assert.ok(now, `${name} removes ${table}`);
            for (const column of columns) {
              const same: Column | undefined = now.columns.find((other) => other.name === column.name);
              assert.ok(same, `${name} removes ${table}.${column.name}`);
              assert.equal(same.type, column.type, `${name} changes the type of ${table}.${column.name}`);
              assert.ok(same.isOptional || !column.isOptional, `${name} makes ${table}.${column.name} required`);
              assert.ok(!same.isNullable || column.isNullable, `${name} makes ${table}.${column.name} nullable`);
            }
            for (const column of now.columns) {
              const isNew = !columns.some((other) => other.name === column.name);
              assert.ok(
                !isNew || column.isOptional,
                `${name}: an older version does not write ${table}.${column.name}`,
              );
            }
          }
          earlier = later;
        }
      });
    });

    it('U-3 a server does not start on a newer database, and changes nothing in it', async () => {
      await inDatabase(async (store, url) => {
        await (await openDatabase(url)).destroy();
        await store
          .insertInto('kysely_migration')
          .values({ name: '9999_later', timestamp: '2030-01-01T00:00:00.000Z' })
          .execute();
        const before = await rowsOf(store);
        const folder = await temporaryFolder();
        const start = run(program, {
          cwd: folder.path,
          env: { PORT: String(await freePort()), DATABASE_URL: url, CLAIMGATE_ADMIN_PASSWORD: 'correct horse battery' },
        });
        assert.equal(await start.ended, 1);
        assert.match(
          start.output(),
          /cannot start:\n {2}- DATABASE_URL=.*the database is newer than this Claimgate; use the version that it was last used with\n/,
        );
        assert.deepEqual(await rowsOf(store), before);
        await folder.remove();
      });
    });
  });
});
