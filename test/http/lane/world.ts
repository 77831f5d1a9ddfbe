import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { type LanePair, startLanePair } from '../../support/lane/pair.ts';
import { tokenFor } from '../../support/lane/tokens.ts';

/** A document that is known to both servers, and a request for it. */
export const query = '{ open }';
export const body = JSON.stringify({ query });

const typeDefs = `
  type Query {
    open(text: String): String @public
    other: String @public
    address: String @public
    mine: String @auth
    orders: String @auth(scope: "orders")
  }
  type Mutation { set: String @public }
`;

/** Makes a pair of servers, and makes the documents of the tests known to both. */
export async function startPair(env: Record<string, string> = {}): Promise<LanePair> {
  const pair = await startLanePair({
    env,
    make() {
      const ran: string[] = [];
      const noted = (name: string, value: (args: { text?: string }, context: { address: string }) => string) => ({
        [name]: (_source: unknown, args: { text?: string }, context: { address: string }) => {
          ran.push(name);
          return value(args, context);
        },
      });
      const guarded = createGuardedSchema({
        modules: [
          {
            name: 'requests',
            typeDefs,
            resolvers: {
              Query: {
                ...noted('open', ({ text = 'é😀' }) => text),
                ...noted('other', () => 'other'),
                ...noted('address', (_args, { address }) => address),
                ...noted('mine', () => 'mine'),
                ...noted('orders', () => 'orders'),
              },
              Mutation: noted('set', () => 'set'),
            },
          },
        ],
      });
      return { guarded, takeRuns: () => ran.splice(0) };
    },
  });
  for (const each of documents) {
    const authorization = ['authorization', `Bearer ${tokenFor({ scopes: ['orders'] })}`];
    await pair.compare({
      headers: ['content-type', 'application/json', ...authorization],
      body: JSON.stringify({ query: each }),
    });
  }
  return pair;
}

const documents = [
  query,
  '{ address }',
  '{ mine }',
  '{ orders }',
  '{ open orders }',
  'query ($t: String) { open(text: $t) }',
  '{ open(text: "é😀") }',
];
