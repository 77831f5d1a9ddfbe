import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  Observable,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, type Exchange, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';
import { Kind, OperationTypeNode, print } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient, type Client as SocketClient } from 'graphql-ws';
import relay, { type ConcreteRequest, type GraphQLResponse } from 'relay-runtime';
import { firstValueFrom } from 'rxjs';
import { WebSocket } from 'ws';
import { listAuditEvents } from '../../../src/audit/trail.ts';
import { signInFor } from '../../support/client.ts';
import { startTestServer, type TestServer, withStore } from '../../support/server.ts';
import { configWith, sha256, texts, writeManifests } from './support.ts';

const manifests = await writeManifests();
let server: TestServer;
let url: string;
let sockets: SocketClient;
/** The bodies and the addresses of all requests by HTTP, in their order. */
const sent: string[] = [];

const recordingFetch: typeof fetch = (input, init) => {
  sent.push(init?.method === 'GET' ? new Request(input).url : JSON.stringify(init?.body));
  return fetch(input, init);
};

/** How often a client sends a request during some work. */
async function requestsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const start = sent.length;
  await work();
  return sent.slice(start);
}

const documents = {
  thing: gql`query Thing($id: ID!) { thing(id: $id) { id name } }`,
  rename: gql`mutation Rename($id: ID!, $name: String!) { rename(id: $id, name: $name) { name } }`,
  renamed: gql`subscription Renamed { renamed { id name } }`,
  hidden: gql`query Hidden { hidden { id } }`,
  unknown: gql`query Unknown { thing(id: 1) { name } }`,
} as const;
type Name = Exclude<keyof typeof documents, 'unknown'>;
const known: readonly Name[] = ['thing', 'rename', 'renamed', 'hidden'];

/** Makes the manifest of Apollo as its generator does: the documents that Apollo Client gives to its links. */
async function apolloManifest(): Promise<{
  readonly operations: readonly { id: string; name: string; body: string }[];
}> {
  const operations: { id: string; name: string; type: string; body: string }[] = [];
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new ApolloLink(({ query, operationName = '', operationType }) => {
      const body = print(query);
      operations.push({ id: sha256(body), name: operationName, type: operationType, body });
      return new Observable((observer) => observer.complete());
    }),
  });
  const ignore = () => undefined;
  for (const name of known) {
    const document = documents[name];
    if (name === 'rename') await client.mutate({ mutation: document }).catch(ignore);
    else if (name === 'renamed') client.subscribe({ query: document }).subscribe({ error: ignore });
    else await client.query({ query: document }).catch(ignore);
  }
  return { format: 'apollo-persisted-query-manifest', version: 1, operations } as {
    readonly operations: typeof operations;
  };
}

let apollo: Awaited<ReturnType<typeof apolloManifest>>;
/** The IDs of the documents as graphql-codegen (`documentMode: string`) and Relay make them. */
const idOf = (name: Name): string => (name === 'hidden' ? 'relay-hidden' : sha256(print(documents[name])));

const typeDefs = `
  type Thing { id: ID! name: String! }
  extend type Query {
    thing(id: ID!): Thing @public
    hidden: Thing @auth(scope: "accounts")
  }
  extend type Mutation { rename(id: ID!, name: String!): Thing @public }
  extend type Subscription { renamed: Thing @public }
`;

const things = `{
  name: 'things',
  typeDefs: ${JSON.stringify(typeDefs)},
  resolvers: {
    Query: { thing: (_, { id }) => ({ id, name: 'one' }), hidden: () => ({ id: 1, name: 'hidden' }) },
    Mutation: { rename: (_, thing) => thing },
    Subscription: { renamed: { subscribe: async function* () { yield { id: 1, name: 'two' }; }, resolve: (one) => one } },
  },
}`;

before(async () => {
  apollo = await apolloManifest();
  assert.deepEqual(
    apollo.operations.map(({ name }) => name),
    ['Thing', 'Rename', 'Renamed', 'Hidden'],
  );
  const plain = Object.fromEntries(known.map((name) => [idOf(name), print(documents[name])]));
  const accounts = { accounts: 'query Accounts { accounts(first: 1) { nodes { email } } }' };
  await writeFile(join(manifests.folder, 'apollo-client.json'), JSON.stringify(apollo, null, 2));
  await writeFile(join(manifests.folder, 'plain.json'), JSON.stringify({ ...plain, ...accounts }, null, 2));
  const files = ['apollo-client.json', 'plain.json'].map((name) => join(manifests.folder, name));
  const config = configWith({ manifests: [...manifests.manifests, ...files], only: true });
  server = await startTestServer({ config: config.replace('modules: [', `modules: [${things}, `) });
  url = `${server.own}/graphql`;
  sockets = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
});
after(async () => {
  await sockets.dispose();
  await server?.dispose();
  await rm(manifests.folder, { recursive: true });
});

const one = { thing: { __typename: 'Thing', id: '7', name: 'one' } };

for (const method of ['POST', 'GET'] as const) {
  describe(`I17-6 Apollo Client 4 in the only mode, ${method}`, () => {
    /** Makes a client as the documentation of persisted queries does: the ID of a manifest, by the name of the operation. */
    const client = () => {
      const ids = new Map(apollo.operations.map(({ name, id }) => [name, id]));
      const hashes = new PersistedQueryLink({
        generateHash: async (query) => {
          const [operation] = query.definitions;
          const name = operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined;
          return ids.get(name ?? '') ?? sha256(print(query));
        },
        useGETForHashedQueries: method === 'GET',
      });
      return new ApolloClient({
        cache: new InMemoryCache(),
        link: ApolloLink.split(
          ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
          hashes.concat(new GraphQLWsLink(sockets)),
          hashes.concat(new HttpLink({ uri: url, fetch: recordingFetch })),
        ),
      });
    };

    it('I17-6 runs a query, a mutation and a subscription by their IDs, and sends no text', async () => {
      const requests = await requestsOf(async () => {
        const { data } = await client().query({ query: documents.thing, variables: { id: '7' } });
        assert.deepEqual(data, one);
        const changed = await client().mutate({ mutation: documents.rename, variables: { id: '7', name: 'new' } });
        assert.deepEqual(changed.data, { rename: { __typename: 'Thing', name: 'new' } });
      });
      assert.equal(requests.length, 2);
      for (const request of requests) assert.doesNotMatch(request, /thing\(|rename\(/);
      assert.equal(requests[0]?.startsWith('http'), method === 'GET');
      const { data } = await firstValueFrom(client().subscribe({ query: documents.renamed }));
      assert.deepEqual(data, { renamed: { __typename: 'Thing', id: '1', name: 'two' } });
    });

    it('I17-6 an unknown ID is one request with an error, and the text is not sent', async () => {
      const asking = client();
      for (let time = 0; time < 2; time += 1) {
        const requests = await requestsOf(() =>
          assert.rejects(asking.query({ query: documents.unknown, fetchPolicy: 'network-only' }), (error) => {
            const text = CombinedGraphQLErrors.is(error) ? JSON.stringify(error.errors) : JSON.stringify(error);
            assert.match(text, /PERSISTED_QUERY_NOT_IN_LIST/);
            return true;
          }),
        );
        assert.equal(requests.length, 1);
      }
      // After the error, the client still sends IDs.
      const { data } = await asking.query({ query: documents.thing, variables: { id: '7' } });
      assert.deepEqual(data, one);
    });

    it('I17-6 a guarded document by its ID is an error of its rule', async () => {
      const requests = await requestsOf(() =>
        assert.rejects(client().query({ query: documents.hidden }), (error) => {
          assert.match(JSON.stringify(error), /UNAUTHENTICATED/);
          return true;
        }),
      );
      assert.equal(requests.length, 1);
    });
  });

  describe(`I17-6 urql in the only mode, ${method}`, () => {
    /** Names documents as `@urql/exchange-persisted` does, which adds the hash to the extensions of an operation. */
    const persisted: Exchange = mapExchange({
      onOperation: (operation) => ({
        ...operation,
        extensions: {
          ...operation.extensions,
          persistedQuery: { version: 1, sha256Hash: sha256(print(operation.query)), miss: false },
        },
      }),
    });
    const client = (...exchanges: readonly Exchange[]) =>
      new Client({
        url,
        fetch: recordingFetch,
        preferGetMethod: method === 'GET' ? 'force' : false,
        exchanges: [
          ...exchanges,
          subscriptionExchange({
            forwardSubscription: ({ query = '', ...body }) => ({
              subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ ...body, query }, sink as never) }),
            }),
          }),
          fetchExchange,
        ],
      });
    /** Replaces documents by their IDs, which `@urql/core` then sends as `documentId`. */
    const withoutText: Exchange = mapExchange({
      onOperation: (operation) => ({
        ...operation,
        query: { ...operation.query, definitions: [], documentId: idOf('thing') },
      }),
    });

    it('I17-6 runs documents by the hash in its extensions, and by the ID of a document without a text', async () => {
      const requests = await requestsOf(async () => {
        const { data, error } = await client(persisted).query(documents.thing, { id: '7' });
        assert.deepEqual(data, { thing: { id: '7', name: 'one' } }, String(error));
        const again = await client(withoutText).query(documents.thing, { id: '7' });
        assert.deepEqual(again.data, { thing: { id: '7', name: 'one' } }, String(again.error));
      });
      for (const request of requests) assert.doesNotMatch(decodeURIComponent(request), /thing\(/);
      assert.equal(requests.length, 2);
      if (method === 'GET') return;
      const changed = await client(persisted).mutation(documents.rename, { id: '7', name: 'new' });
      assert.deepEqual(changed.data, { rename: { name: 'new' } }, String(changed.error));
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const subscription = client(persisted).subscription(documents.renamed, {}).subscribe(resolve);
      assert.deepEqual(((await promise) as { data: unknown }).data, { renamed: { id: '1', name: 'two' } });
      subscription.unsubscribe();
    });

    it('I17-6 an unknown ID is one request with an error', async () => {
      const requests = await requestsOf(async () => {
        const { error } = await client(persisted).query(documents.unknown, {});
        assert.equal(error?.graphQLErrors[0]?.extensions['code'], 'PERSISTED_QUERY_NOT_IN_LIST');
      });
      assert.equal(requests.length, 1);
    });
  });
}

describe('I17-6 Relay in the only mode', () => {
  const environment = (member: 'id' | 'doc_id') =>
    new relay.Environment({
      network: relay.Network.create(
        async ({ id }, variables): Promise<GraphQLResponse> => {
          const response = await recordingFetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ [member]: id, variables }),
          });
          return (await response.json()) as GraphQLResponse;
        },
        ({ id }, variables) =>
          relay.Observable.create<GraphQLResponse>((sink) => {
            const request = { query: '', [member]: id, variables: variables as Record<string, unknown> };
            return sockets.subscribe(request, { ...sink, next: (result) => sink.next(result as GraphQLResponse) });
          }),
      ),
      store: new relay.Store(new relay.RecordSource()),
    });
  /** The artifact that the compiler of Relay makes with `persistConfig`. */
  const artifact = (
    name: string,
    id: string,
    kind: 'query' | 'mutation' | 'subscription',
    field: string,
  ): ConcreteRequest => {
    const selections = [
      {
        alias: null,
        args: kind === 'query' ? [{ kind: 'Variable', name: 'id', variableName: 'id' }] : null,
        concreteType: 'Thing',
        kind: 'LinkedField',
        name: field,
        plural: false,
        selections: ['id', 'name'].map((name) => ({
          alias: null,
          args: null,
          kind: 'ScalarField',
          name,
          storageKey: null,
        })),
        storageKey: null,
      },
    ];
    const argument = { defaultValue: null, kind: 'LocalArgument', name: 'id' };
    return {
      kind: 'Request',
      fragment: { kind: 'Fragment', name, type: 'Query', metadata: null, argumentDefinitions: [], selections },
      operation: { kind: 'Operation', name, argumentDefinitions: [argument], selections },
      params: { id, metadata: {}, name, operationKind: kind, text: null, cacheID: id },
    } as unknown as ConcreteRequest;
  };

  for (const member of ['id', 'doc_id'] as const) {
    it(`I17-6 runs documents by ${member}, and reports an unknown ID`, async () => {
      const thing = artifact('Thing', idOf('thing'), 'query', 'thing');
      const requests = await requestsOf(async () => {
        const data = await relay.fetchQuery(environment(member), thing, { id: '7' }).toPromise();
        assert.deepEqual(data, { thing: { id: '7', name: 'one' } });
        const unknown = artifact('Unknown', 'unknown', 'query', 'thing');
        await assert.rejects(
          relay.fetchQuery(environment(member), unknown, { id: '7' }).toPromise(),
          /No manifest of this server has the ID of the document/,
        );
      });
      assert.equal(requests.length, 2);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const { dispose } = relay.requestSubscription(environment(member), {
        subscription: artifact('Renamed', idOf('renamed'), 'subscription', 'renamed'),
        variables: {},
        onNext: resolve,
        onError: reject,
      });
      assert.deepEqual(await promise, { renamed: { id: '1', name: 'two' } });
      dispose();
    });
  }
});

describe('I17-6 graphql-sse in the only mode', () => {
  it('I17-6 runs a subscription by its ID, and reports an unknown one', async () => {
    const client = createSseClient({ url });
    const results: unknown[] = [];
    for await (const { data } of client.iterate({ query: '', documentId: idOf('renamed') } as never))
      results.push(data);
    assert.deepEqual(results, [{ renamed: { id: '1', name: 'two' } }]);
    let requests = 0;
    const counting = createSseClient({
      url,
      fetchFn: async (...given: Parameters<typeof fetch>) => {
        requests += 1;
        return fetch(...given);
      },
    });
    const { value } = await counting.iterate({ query: '', documentId: 'unknown' } as never).next();
    assert.equal(value.errors[0].extensions.code, 'PERSISTED_QUERY_NOT_IN_LIST');
    assert.equal(requests, 1);
    counting.dispose();
    client.dispose();
  });
});

describe('I17-6 the audit trail of trusted documents', () => {
  it('I17-6 names the document of a denial and of an administrative use, over every transport', async () => {
    const { accessToken } = await signInFor(server.url, { scope: 'accounts' });
    const authorization = `Bearer ${accessToken}`;
    const post = async (body: object, headers: Readonly<Record<string, string>> = {}) =>
      (
        await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        })
      ).text();
    const hash = apollo.operations.find(({ name }) => name === 'Hidden')?.id ?? '';
    for (let time = 0; time < 2; time += 1) {
      assert.match(await post({ documentId: hash }), /UNAUTHENTICATED/);
      assert.match(await post({ documentId: 'accounts' }, { authorization }), /"email"/);
      // The name of the ID is found by the text too.
      assert.match(await post({ query: print(documents.hidden) }), /UNAUTHENTICATED/);
    }
    assert.match(
      await (await fetch(`${url}?documentId=relay-hidden`, { headers: { accept: 'application/json' } })).text(),
      /UNAUTHENTICATED/,
    );
    await post({ id: 'relay-hidden' }, { accept: 'text/event-stream' });
    await assert.rejects(sockets.iterate({ query: '', documentId: 'relay-hidden' } as never).next());
    await server.stop();
    const page = { first: 50, after: null };
    const { items } = await withStore(server, (store) => listAuditEvents(store, {}, page));
    const found = items.map(({ type, coordinate, detail, count }) => ({
      type,
      coordinate,
      detail: detail ?? '',
      count,
    }));
    const rule = '@auth(scope: "accounts")';
    const denial = { type: 'denial', coordinate: 'Query.hidden' };
    const denials = found.filter(({ coordinate }) => coordinate === 'Query.hidden');
    // Apollo Client and urql have asked for it before.
    assert.deepEqual(
      denials
        .map(({ type, coordinate, detail }) => ({ type, coordinate, detail }))
        .toSorted((one, other) => one.detail.length - other.detail.length),
      [
        { ...denial, detail: `UNAUTHENTICATED ${rule}, document Hidden (relay-hidden)` },
        { ...denial, detail: `UNAUTHENTICATED ${rule}, document Hidden (${hash})` },
      ],
    );
    const uses = found.filter(({ type, coordinate }) => type === 'administration' && coordinate === 'Query.accounts');
    assert.deepEqual(
      uses.map(({ detail, count }) => [detail, count]),
      [[`${rule}, document Accounts (accounts)`, 2]],
    );
  });

  it('I17-6 the trail has no text that a caller wrote', () => {
    assert.ok(!server.output().includes(texts.hello));
  });
});
