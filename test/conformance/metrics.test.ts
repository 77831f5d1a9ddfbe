import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { query, signInFor } from '../support/client.ts';
import { timesSent } from '../support/lane/switch.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const token = 'a metrics token of more than thirty-two characters';
const config = `export default { modules: [{
  name: 'trial',
  typeDefs: \`
    type Trial { x: Int @auth(scope: "applications", mode: SHADOW) y: Int @auth(scope: "applications") }
    extend type Query { trial: Trial @auth }
  \`,
  resolvers: { Query: { trial: () => ({ x: 1, y: 2 }) } },
}] };`;

describe('/metrics', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ config, env: { CLAIMGATE_METRICS_TOKEN: token } });
  });
  after(() => server.dispose());

  const read = async (authorization?: string) =>
    fetch(`${server.url}/metrics`, { headers: { ...(authorization !== undefined && { authorization }) } });

  it('can only be read with the token', async () => {
    assert.equal((await read()).status, 401);
    assert.equal((await read(`Bearer ${token.slice(1)}`)).status, 401);
    const answer = await read(`Bearer ${token}`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
  });

  it('counts denials, and would-be denials of shadow rules, by coordinate and client', async () => {
    const { accessToken } = await signInFor(server.url, { scope: 'openid profile' });
    const { body } = await query(server.url, '{ trial { x y } }', { token: accessToken });
    assert.deepEqual(body.data, { trial: { x: 1, y: null } });
    const text = await (await read(`Bearer ${token}`)).text();
    for (const [mode, coordinate] of [
      ['shadow', 'Trial.x'],
      ['enforce', 'Trial.y'],
    ]) {
      const line = `claimgate_denials_total{mode="${mode}",coordinate="${coordinate}",client_id="claimgate",code="FORBIDDEN"} ${timesSent}`;
      assert.ok(text.includes(line), `${line} is missing in\n${text}`);
    }
    assert.ok(!text.includes(accessToken));
  });

  it('has every metric that the documentation names', async () => {
    const text = await readFile(new URL('../../src/server/operations.md', import.meta.url), 'utf8');
    const named = [...text.matchAll(/`(claimgate_[a-z_]+)`/g)].map(([, name = '']) => name);
    assert.ok(named.length >= 10, String(named.length));
    await signInFor(server.url);
    const metrics = await (await read(`Bearer ${token}`)).text();
    for (const name of named) assert.match(metrics, new RegExp(`^# TYPE ${name} `, 'm'), name);
  });

  it('does not exist without a configured token', async (t) => {
    const other = await startTestServer({ env: { CLAIMGATE_METRICS_TOKEN: '' } });
    t.after(() => other.dispose());
    assert.equal((await fetch(`${other.url}/metrics`)).status, 404);
  });
});
