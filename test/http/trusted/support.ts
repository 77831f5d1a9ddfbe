import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns the SHA-256 hash of a text, as clients send it. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The documents of the manifests of the tests. */
export const texts = {
  hello: 'query Hello { hello __typename }',
  echo: 'query Echo($text: String!) { echo(text: $text) }',
  secret: 'query Secret { secret }',
  touch: 'mutation Touch { touch }',
  ticks: 'subscription Ticks { ticks }',
} as const;

/** IDs of the formats: Apollo's hash, another hash of graphql-codegen, and IDs of Relay. */
export const ids = {
  hello: sha256(texts.hello),
  echo: sha256(texts.echo),
  secret: createHash('sha1').update(texts.secret).digest('hex'),
  touch: createHash('md5').update(texts.touch).digest('hex'),
  ticks: 'ticks-1',
} as const;

const apollo = (names: readonly (keyof typeof texts)[]): string =>
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: names.map((name) => ({ id: ids[name], name, type: 'query', body: texts[name] })),
  });

const modules = `[{
  name: 'trusted',
  typeDefs: \`
    type Query {
      hello: String! @public
      echo(text: String!): String! @public
      secret: String! @auth(scope: "profile")
    }
    type Mutation { touch: Boolean @public }
    type Subscription { ticks: Int @public }
  \`,
  resolvers: {
    Query: { hello: () => 'hi', echo: (_, { text }) => text, secret: () => 'secret' },
    Mutation: { touch: () => true },
    Subscription: { ticks: { subscribe: async function* () { yield 1; }, resolve: (n) => n } },
  },
}]`;

/** Writes the manifests into a new folder. */
export async function writeManifests(): Promise<{ readonly folder: string; readonly manifests: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'trusted-'));
  const manifests = [join(folder, 'apollo.json'), join(folder, 'relay.json')];
  const relay = { [ids.secret]: texts.secret, [ids.touch]: texts.touch, [ids.ticks]: texts.ticks };
  await writeFile(join(folder, 'apollo.json'), apollo(['hello', 'echo']));
  await writeFile(join(folder, 'relay.json'), JSON.stringify(relay, null, 2));
  return { folder, manifests };
}

/** Writes the text of a configuration file. */
export function configWith(trustedDocuments: unknown, more = ''): string {
  return `export default { modules: ${modules}, trustedDocuments: ${JSON.stringify(trustedDocuments)}, ${more} };`;
}
