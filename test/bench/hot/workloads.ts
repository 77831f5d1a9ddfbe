/** One kind of request that every contender answers. */
export interface Workload {
  readonly name: string;
  readonly what: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** How many distinct tokens the clients use. `0`: no token. */
  readonly tokens: number;
  /** The database of the workload. Default: none. */
  readonly database?: 'SQLite' | 'PostgreSQL';
  /** The least accepted ratio to the best peer, as the guide states it. */
  readonly aim: number;
  /** Whether it is also measured with the rules on and off, in pairs of rounds. */
  readonly paired?: true;
}

export const workloads: readonly Workload[] = [
  {
    name: 'W1',
    what: 'a small object, one token',
    query: '{ me { id name email } }',
    tokens: 1,
    aim: 1.2,
    paired: true,
  },
  { name: 'W2', what: 'the same, 10,000 tokens', query: '{ me { id name email } }', tokens: 10_000, aim: 1.2 },
  {
    name: 'W3',
    what: 'a list of 1,000 × 4 fields, two of them guarded',
    query: '{ orders { id item customer total } }',
    tokens: 1,
    aim: 1.5,
    paired: true,
  },
  {
    name: 'W4',
    what: 'a denied field that is non-null, in a list of 100',
    query: '{ vault { id label secret } }',
    tokens: 1,
    aim: 2,
  },
  {
    name: 'W4n',
    what: 'a denied field that is nullable, in a list of 100',
    query: '{ vault { id label note } }',
    tokens: 1,
    aim: 2,
  },
  {
    name: 'W5',
    what: 'a public field, no token',
    query: '{ version { name build } }',
    tokens: 0,
    aim: 1,
    paired: true,
  },
  {
    name: 'W6',
    what: '50 rows and their buyers by DataLoader, SQLite',
    query: '{ shop(first: 50) { id item buyer { id name city email } } }',
    tokens: 1,
    database: 'SQLite',
    aim: 1,
  },
  {
    name: 'W7',
    what: 'the same, PostgreSQL',
    query: '{ shop(first: 50) { id item buyer { id name city email } } }',
    tokens: 1,
    database: 'PostgreSQL',
    aim: 1,
  },
  {
    name: 'W8',
    what: 'variables: an ID and an input object',
    query:
      'query Order($id: ID!, $options: OrderOptions!) { order(id: $id, options: $options) { id item customer total } }',
    variables: { id: '7', options: { currency: 'EUR', lines: [1, 2, 3] } },
    tokens: 1,
    aim: 1.2,
  },
];

/** The body of the requests of a workload. */
export function bodyOf({ query, variables }: Workload): string {
  return JSON.stringify(variables ? { query, variables } : { query });
}
