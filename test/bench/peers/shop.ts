import { DatabaseSync } from 'node:sqlite';
import DataLoader from 'dataloader';
import pg from 'pg';

/** One guarded element of the schema: a coordinate, and the scope that it requires. */
export const guards: Readonly<Record<string, string>> = {
  'Query.me': 'profile',
  'Query.orders': 'orders:read',
  'Query.vault': 'profile',
  'Query.shop': 'orders:read',
  'Query.order': 'orders:read',
  'Order.customer': 'customers:read',
  'Order.total': 'customers:read',
  'Vault.secret': 'vault:read',
  'Vault.note': 'vault:read',
  'Buyer.email': 'customers:read',
};

const types: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Query: {
    me: 'User!',
    version: 'Version!',
    orders: '[Order!]!',
    vault: '[Vault!]!',
    shop: '[Sale!]!',
    order: 'Order',
  },
  User: { id: 'ID!', name: 'String!', email: 'String!' },
  Version: { name: 'String!', build: 'String!' },
  Order: { id: 'ID!', item: 'String!', customer: 'String!', total: 'Int!' },
  Vault: { id: 'ID!', label: 'String!', secret: 'String!', note: 'String' },
  Sale: { id: 'ID!', item: 'String!', buyer: 'Buyer!' },
  Buyer: { id: 'ID!', name: 'String!', city: 'String!', email: 'String!' },
};

const args: Readonly<Record<string, string>> = {
  'Query.shop': '(first: Int!)',
  'Query.order': '(id: ID!, options: OrderOptions!)',
};

/**
 * Returns the SDL of the shop.
 *
 * @param guardOf - writes the directive of a guarded field, from its scope and its coordinate
 * @param open - the directive of a root field without a guard. Default: none
 */
export function shopSdl(guardOf: (scope: string, coordinate: string) => string, open = ''): string {
  const written = Object.entries(types).map(([type, fields]) => {
    const lines = Object.entries(fields).map(([field, of]) => {
      const coordinate = `${type}.${field}`;
      const scope = guards[coordinate];
      const directive = scope === undefined ? (type === 'Query' ? open : '') : guardOf(scope, coordinate);
      return `  ${field}${args[coordinate] ?? ''}: ${of} ${directive}`;
    });
    return `type ${type} {\n${lines.join('\n')}\n}`;
  });
  return [...written, 'input OrderOptions { currency: String!  lines: [Int!]! }'].join('\n');
}

const words = ['Lamp', 'Desk', 'Chair', 'Shelf', 'Clock', 'Rug', 'Vase', 'Stool'];
const customers = ['Grace', 'Alan', 'Ada', 'Edsger', 'Barbara'];

const me = { id: '7', name: 'Grace Hopper', email: 'grace@example.com' };
const version = { name: 'shop', build: '2026-11-29' };
const orders = Array.from({ length: 1_000 }, (_, index) => ({
  id: String(index),
  item: words[index % words.length],
  customer: customers[index % customers.length],
  total: (index * 37) % 1_000,
}));
const vault = orders.slice(0, 100).map(({ id }) => ({ id, label: `box ${id}`, secret: `s${id}`, note: `n${id}` }));

interface Sale {
  readonly id: string;
  readonly item: string;
  readonly buyerId: string;
}

interface Buyer {
  readonly id: string;
  readonly name: string;
  readonly city: string;
  readonly email: string;
}

/** The two reads of the workloads with a database. */
interface Reads {
  sales(first: number): Promise<readonly Sale[]>;
  buyers(ids: readonly string[]): Promise<readonly Buyer[]>;
}

/** Rows of both databases. */
const buyerRows = Array.from({ length: 200 }, (_, index) => [
  `b${index}`,
  `Buyer ${index}`,
  `City ${index % 20}`,
  `b${index}@example.com`,
]);
const saleRows = Array.from({ length: 2_000 }, (_, index) => [
  `s${index}`,
  words[index % words.length] ?? '',
  `b${(index * 7) % 200}`,
]);

function sqliteReads(): Reads {
  const database = new DatabaseSync(':memory:');
  database.exec('create table buyers (id text primary key, name text, city text, email text)');
  database.exec('create table sales (id text primary key, item text, buyer text)');
  const buyer = database.prepare('insert into buyers values (?, ?, ?, ?)');
  const sale = database.prepare('insert into sales values (?, ?, ?)');
  for (const row of buyerRows) buyer.run(...row);
  for (const row of saleRows) sale.run(...row);
  const first = database.prepare('select id, item, buyer as "buyerId" from sales order by id limit ?');
  const byIds = database.prepare(
    'select id, name, city, email from buyers where id in (select value from json_each(?))',
  );
  return {
    sales: async (count) => first.all(count) as unknown as Sale[],
    buyers: async (ids) => byIds.all(JSON.stringify(ids)) as unknown as Buyer[],
  };
}

function postgresReads(url: string): Reads {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  return {
    sales: async (count) => {
      const text = 'select id, item, buyer as "buyerId" from bench_sales order by id limit $1';
      return (await pool.query<Sale>({ name: 'sales', text, values: [count] })).rows;
    },
    buyers: async (ids) => {
      const text = 'select id, name, city, email from bench_buyers where id = any($1)';
      return (await pool.query<Buyer>({ name: 'buyers', text, values: [ids] })).rows;
    },
  };
}

/** Fills a PostgreSQL database for the shop. */
export async function fillPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table bench_buyers (id text primary key, name text, city text, email text)');
  await client.query('create table bench_sales (id text primary key, item text, buyer text)');
  const insert = (table: string, row: readonly string[]) =>
    client.query(`insert into ${table} values (${row.map((_, at) => `$${at + 1}`).join()})`, [...row]);
  for (const row of buyerRows) await insert('bench_buyers', row);
  for (const row of saleRows) await insert('bench_sales', row);
  await client.end();
}

const postgresUrl = process.env['BENCH_POSTGRES'];
const reads = postgresUrl ? postgresReads(postgresUrl) : sqliteReads();
/** A context, with the loader of its request. */
interface Context {
  buyers?: DataLoader<string, Buyer>;
}

/** Returns the loader of this request. It is a member of the context, as the documentation of DataLoader advises. */
function buyersOf(context: Context): DataLoader<string, Buyer> {
  return (context.buyers ??= new DataLoader(async (ids: readonly string[]) => {
    const byId = new Map((await reads.buyers(ids)).map((buyer) => [buyer.id, buyer]));
    return ids.map((id) => byId.get(id) ?? new Error('no such buyer'));
  }));
}

/** The resolvers of every contender. */
export const resolvers = {
  Query: {
    me: () => me,
    version: () => version,
    orders: () => orders,
    vault: () => vault,
    shop: (_: unknown, { first }: { first: number }) => reads.sales(first),
    order: (_: unknown, { id }: { id: string }) => orders[Number(id)] ?? null,
  },
  Sale: { buyer: ({ buyerId }: Sale, _: unknown, context: Context) => buyersOf(context).load(buyerId) },
};
