import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache, ServerError } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import { root } from '../support/process.ts';
import { type Answer, ask, bearer, bodyOf, type Question } from './ask.ts';

/** An example of the guide. */
export interface Example {
  readonly project: 'project' | 'nest';
  /** The file, without its ending. The quick start of the server is beside it. */
  readonly file: string;
  /** Further files that differ from the quick start, such as SDL. */
  readonly others?: readonly string[];
}

export const examples: Readonly<Record<string, Example>> = {
  'Apollo Server': { project: 'project', file: 'apollo' },
  'Apollo Server on Express': { project: 'project', file: 'apollo-express' },
  'Apollo Server on Fastify': { project: 'project', file: 'apollo-fastify' },
  'GraphQL Yoga': { project: 'project', file: 'yoga' },
  Mercurius: { project: 'project', file: 'mercurius' },
  'graphql-http': { project: 'project', file: 'graphql-http' },
  'NestJS, schema first': { project: 'nest', file: 'schema-first', others: ['orders.graphql'] },
  'NestJS, code first': { project: 'nest', file: 'code-first' },
};

/** The examples of the small dose: one of each way to connect the kit. */
export const sample: readonly string[] = ['Apollo Server on Express', 'GraphQL Yoga', 'Mercurius', 'graphql-http'];

/** The most lines of an example that its quick start does not have. Blank lines are not counted. */
export const mostLines = 12;

/** Counts the lines of an example that are not in its quick start, in this order. */
export function addedLines({ project, file, others = [] }: Example): number {
  const linesOf = (name: string): readonly string[] =>
    readFileSync(join(root, 'test/servers', project, name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  return [`${file}.ts`, ...others].reduce((sum, name) => {
    const [ending = ''] = /\.\w+$/.exec(name) ?? [];
    const [ours, theirs] = [linesOf(name), linesOf(name.replace(ending, `.quick-start${ending}`))];
    return sum + ours.length - commonLines(ours, theirs);
  }, 0);
}

/** The length of the longest common subsequence. */
function commonLines(one: readonly string[], other: readonly string[]): number {
  let row = other.map(() => 0);
  for (const line of one) {
    let before = 0;
    row = row.map((above, index) => {
      const diagonal = index === 0 ? 0 : before;
      before = above;
      return line === other[index] ? diagonal + 1 : above;
    });
    for (let index = 1; index < row.length; index += 1) row[index] = Math.max(row[index] ?? 0, row[index - 1] ?? 0);
  }
  return row.at(-1) ?? 0;
}

/** The rows of the README: the status and the body of each caller. */
const documented = [
  ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| .* \| `(\d{3})` `(\{.*\})` \|$/gm),
].map(([, status, body = '']) => ({ status: Number(status), body: JSON.parse(body) as unknown }));

const query = '{ orders { item customer } }';

/** What the tests of an example need. It is there when the tests run. */
export interface Served {
  readonly url: string;
  /** Makes an access token with these scopes. */
  readonly token: (scope: string) => string;
}

function assertChallenge({ headers }: Answer, error: string | null): void {
  const challenge = headers['www-authenticate'] ?? '';
  assert.match(challenge, /^Bearer realm="https:\/\/api\.example\.com\/graphql", resource_metadata="https:[^"]+"/);
  if (error === null) assert.doesNotMatch(challenge, /error/);
  else assert.match(challenge, new RegExp(`, error="${error}"`));
  assert.equal(headers['cache-control'], 'no-store');
}

/** The tests of an example. */
export function exampleTests(name: string, served: () => Served): void {
  const send = (question: Question, ...scopes: readonly string[]) => {
    const headers = scopes.map((scope) => bearer(served().token(scope)));
    return ask(served().url, { ...question, headers: [...(question.headers ?? []), ...headers.flat()] });
  };
  const codesOf = (answer: Answer) => bodyOf(answer).errors?.map(({ extensions }) => extensions?.['code']);
  const allowed = 'orders:read customers:read';

  it(`${name}: the three callers of the README get its statuses, bodies and challenges`, async () => {
    const answers = [await send({ query }), await send({ query }, 'profile'), await send({ query }, allowed)] as const;
    assert.deepEqual(
      answers.map((answer) => ({ status: answer.status, body: bodyOf(answer) })),
      documented,
    );
    assertChallenge(answers[0], null);
    assertChallenge(answers[1], 'insufficient_scope');
    assert.match(answers[1].headers['www-authenticate'] ?? '', /scope="orders:read"/);
    assert.equal(answers[2].headers['www-authenticate'], undefined);
  });

  it(`${name}: A-2 a bad token on a public field is answered 401`, async () => {
    for (const method of ['POST', 'GET'] as const) {
      const answer = await send({ method, query: '{ hello }', headers: bearer('a.b.c') });
      assert.deepEqual([answer.status, codesOf(answer)], [401, ['INVALID_TOKEN']], answer.text);
      assertChallenge(answer, 'invalid_token');
    }
    assert.equal((await send({ query: '{ hello }' })).status, 200);
  });

  it(`${name}: A-3 two Authorization headers, and another scheme, are answered 400`, async () => {
    const basic = await send({ query: '{ hello }', headers: ['Authorization', 'Basic YTpi'] });
    for (const answer of [await send({ query: '{ hello }' }, allowed, allowed), basic]) {
      assert.deepEqual([answer.status, codesOf(answer)], [400, ['INVALID_REQUEST']], answer.text);
      assertChallenge(answer, 'invalid_request');
    }
  });

  it(`${name}: B-13 a denied mutation runs nothing`, async () => {
    for (const scope of ['profile', 'orders:read']) {
      const answer = await send({ query: 'mutation { hidden: cancelOrders }' }, scope);
      assert.deepEqual([answer.status, codesOf(answer)], [403, ['FORBIDDEN']], answer.text);
    }
    assert.equal((await send({ query: 'mutation { cancelOrders }' })).status, 401);
    assert.deepEqual(bodyOf(await send({ query: '{ orders { id } }' }, 'orders:read')).data, {
      orders: [{ id: '1' }, { id: '2' }],
    });
  });

  it(`${name}: B-14 a denied field in a list has one error, and the rest of the data arrives`, async () => {
    for (const method of ['POST', 'GET'] as const) {
      const answer = await send({ method, query: '{ list: orders { item who: customer } }' }, 'orders:read');
      const { data, errors = [] } = bodyOf(answer);
      assert.equal(answer.status, 200);
      assert.deepEqual(data, {
        list: [
          { item: 'Lamp', who: null },
          { item: 'Desk', who: null },
        ],
      });
      assert.equal(errors.length, 1, answer.text);
      assert.equal(errors[0]?.extensions?.['coordinate'], 'Order.customer');
      assert.deepEqual(errors[0]?.extensions?.['requiredScopes'], ['customers:read']);
    }
  });

  it(`${name}: B-13 of two operations the named one is decided`, async () => {
    const document = 'query Open { hello } query Guarded { orders { id } } mutation Change { cancelOrders }';
    for (const method of ['POST', 'GET'] as const) {
      const open = await send({ method, query: document, operationName: 'Open' });
      assert.deepEqual([open.status, bodyOf(open).data], [200, { hello: 'hello' }], open.text);
      const guarded = await send({ method, query: document, operationName: 'Guarded' });
      assert.deepEqual([guarded.status, codesOf(guarded)], [401, ['UNAUTHENTICATED']], guarded.text);
    }
    assert.equal((await send({ query: document, operationName: 'Change' }, 'profile')).status, 403);
  });

  it(`${name}: graphql-request, Apollo Client and urql, unmodified, see that they are refused and why`, async () => {
    const { url, token } = served();
    const headers = { authorization: `Bearer ${token('profile')}` };
    const code = 'FORBIDDEN';
    const requested = await new GraphQLClient(url, { headers }).request(query).catch((error: unknown) => error);
    assert.match(JSON.stringify(requested), /"status":403/);
    assert.match(JSON.stringify(requested), new RegExp(code));

    const link = new HttpLink({ uri: url, headers });
    const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
    const { error } = await apollo.query({ query: gql(query), errorPolicy: 'all', fetchPolicy: 'no-cache' });
    if (ServerError.is(error)) {
      // Apollo Client reads the errors of an answer that is not 200 only of application/graphql-response+json.
      assert.equal(error.statusCode, 403);
      assert.match(error.bodyText, new RegExp(code));
    } else {
      assert.ok(CombinedGraphQLErrors.is(error), error?.message);
      assert.equal(error.errors[0]?.extensions?.['code'], code);
    }
    apollo.stop();

    const urql = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false, fetchOptions: { headers } });
    const refused = await urql.query(query, {}).toPromise();
    assert.equal(refused.error?.response?.status, 403);
    assert.equal(refused.error?.graphQLErrors[0]?.extensions['code'], code);
  });
}

/** The tests of Yoga's subscriptions. */
export function subscriptionTests(name: string, served: () => Served): void {
  it(`${name}: a denied subscription does not begin, and an allowed one is a stream of events`, async () => {
    const subscribe = (scope: string) =>
      fetch(served().url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${served().token(scope)}`,
        },
        body: JSON.stringify({ query: 'subscription { shipped }' }),
      });
    const refused = await subscribe('profile');
    assert.match(await refused.text(), /FORBIDDEN/);
    assert.equal(refused.status, 403);
    const stream = await subscribe('orders:read');
    assert.equal(stream.status, 200);
    assert.match(await stream.text(), /"shipped":"1"/);
  });
}
