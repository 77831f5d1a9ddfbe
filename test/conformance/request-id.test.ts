import assert from 'node:assert/strict';
import { it } from 'node:test';
import { exchangeMutation, query, requestCode } from '../support/client.ts';
import { until } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';

it('every log line of a request has the ID in its answer, also for requests to this server itself', async (t) => {
  const server = await startTestServer({ env: { LOG_LEVEL: 'debug' } });
  t.after(() => server.dispose());
  const { input } = await requestCode(server.url);
  interface Line {
    readonly reqId?: string;
    readonly route?: string;
    readonly msg: string;
  }
  const lines = () =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  // The first request goes through Apollo Server, and the second one through the lane.
  const ids = new Set<string>();
  for (let sent = 0; sent < 2; sent += 1) {
    const { headers } = await query(server.url, exchangeMutation, {
      variables: { input: { client: { ...input, code: 'wrong' } } },
      headers: { 'x-request-id': 'chosen by the caller' },
    });
    const id = headers.get('x-request-id') ?? '';
    assert.match(id, /^[\da-f-]{36}$/, 'the caller does not choose it');
    const own = () => lines().filter(({ reqId }) => reqId === id);
    await until(() => own().some(({ route }) => route === '/graphql'));
    assert.deepEqual(
      own()
        .filter(({ msg }) => msg === 'request')
        .map(({ route }) => route),
      ['/oauth/token', '/graphql'],
    );
    ids.add(id);
  }
  assert.equal(ids.size, 2);
  assert.ok(lines().every(({ msg, reqId }) => msg !== 'request' || reqId !== undefined));
  // No log line contains the ID twice.
  assert.ok(
    server
      .output()
      .split('\n')
      .every((line) => line.split('"reqId"').length <= 2),
  );
  const { headers: other } = await query(server.url, '{ scopes { name } }');
  assert.ok(!ids.has(other.get('x-request-id') ?? ''));
});
