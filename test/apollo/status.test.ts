import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { auditServer } from 'graphql-http';
import { statusPlugin } from '../../src/apollo/status.ts';

/** Audits that we do not pass, each with its reason. */
const unmet: Readonly<Record<string, string>> = {
  '5A70': 'MAY: a GET has no body, and so no form as its content type',
  D6D5: 'MAY: variables come as JSON, not as JSON inside a JSON string',
  '6A70': 'MAY: variables come as JSON, not as JSON inside a JSON string',
};

describe('D-1 GraphQL over HTTP', () => {
  const server = new ApolloServer({
    typeDefs: 'type Query { a(x: Int): String }',
    plugins: [statusPlugin()],
    includeStacktraceInErrorResponses: false,
  });
  let url = '';
  before(async () => {
    ({ url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } }));
  });
  after(() => server.stop());

  it('every audit of graphql-http passes, except the listed ones', async () => {
    const results = await auditServer({ url, fetchFn: fetch });
    const missed = results.filter((result) => result.status !== 'ok');
    assert.ok(results.length > 50);
    assert.deepEqual(
      missed.map(({ id }) => id).toSorted(),
      Object.keys(unmet).toSorted(),
      missed.map(({ id, name }) => `${id} ${name}`).join('\n'),
    );
  });

  const newer = 'application/graphql-response+json';
  const answers: readonly [accept: string | undefined, status: number][] = [
    [undefined, 200],
    ['*/*', 200],
    ['application/json', 200],
    [`application/json, ${newer}`, 200],
    [`${newer};q=0.5, application/json`, 200],
    [newer, 400],
    [`${newer}, application/json`, 400],
    [`${newer}, application/json;q=0.9`, 400],
    [`${newer}, */*`, 400],
    [`${newer};charset=utf-8, application/json;q=0.1`, 400],
  ];
  for (const [accept, status] of answers) {
    it(`a fault of the document is ${status} with Accept: ${accept ?? 'none'}, as the media type requires`, async () => {
      for (const query of ['{', '{ unknown }', 'query ($x: Int!) { a(x: $x) }']) {
        const headers = { 'content-type': 'application/json', ...(accept && { accept }) };
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
        assert.equal(response.status, status, query);
        const type = response.headers.get('content-type')?.split(';')[0];
        assert.equal(type, status === 400 ? newer : 'application/json');
      }
    });
  }

  it('D-2 other faults keep their status', async () => {
    const status = async (init: RequestInit, search = '') => (await fetch(`${url}${search}`, init)).status;
    const json = { 'content-type': 'application/json' };
    assert.equal(await status({ method: 'PUT', headers: json, body: '{}' }), 405);
    assert.equal(await status({ method: 'POST', headers: json, body: '{"query": 1}' }), 400);
    assert.equal(
      await status({ method: 'POST', headers: { ...json, accept: 'text/html' }, body: '{"query":"{ a }"}' }),
      406,
    );
  });
});
