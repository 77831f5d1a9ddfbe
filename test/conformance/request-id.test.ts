import assert from 'node:assert/strict';
import { it } from 'node:test';
import { exchangeMutation, query, requestCode } from '../support/client.ts';
import { until } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';

it('every log line of a request has the ID in its answer, also for requests to this server itself', async (t) => {
  const server = await startTestServer({ env: { LOG_LEVEL: 'debug' } });
  t.after(() => server.dispose());
  const { input } = await requestCode(server.url);
  const { headers } = await query(server.url, exchangeMutation, {
    variables: { input: { client: { ...input, code: 'wrong' } } },
    headers: { 'x-request-id': 'chosen by the caller' },
  });
  const id = headers.get('x-request-id') ?? '';
  assert.match(id, /^[\da-f-]{36}$/, 'the caller does not choose it');
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
  const own = () => lines().filter(({ reqId }) => reqId === id);
  await until(() => own().some(({ route }) => route === '/graphql'));
  assert.deepEqual(
    own()
      .filter(({ msg }) => msg === 'request')
      .map(({ route }) => route),
    ['/oauth/token', '/graphql'],
  );
  assert.ok(lines().every(({ msg, reqId }) => msg !== 'request' || reqId !== undefined));
  // No log line contains the ID twice.
  assert.ok(
    server
      .output()
      .split('\n')
      .every((line) => line.split('"reqId"').length <= 2),
  );
  const { headers: other } = await query(server.url, '{ scopes { name } }');
  assert.notEqual(other.get('x-request-id'), id);
});
