import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { query, signInFor } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `
const later = (requests) => new Promise((resolve) => setTimeout(resolve, 50, requests.map(() => false)));
export default { policies: { later }, modules: [{
  name: 'notes',
  typeDefs: 'type Note @auth(policy: "later") { x: Int } extend type Query { notes: [Note!] @auth }',
  resolvers: { Query: { notes: () => [{ x: 1 }, null] } },
}] };`;

let server: TestServer;
before(async () => {
  server = await startTestServer({ config });
});
after(() => server.dispose());

test('B-14 an item that is denied after its list has failed does not end the server', async () => {
  const { accessToken } = await signInFor(server.url);
  const { body } = await query(server.url, '{ notes { x } }', { token: accessToken });
  assert.deepEqual(body.data, { notes: null });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
});
