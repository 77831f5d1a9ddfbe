import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { query } from '../support/client.ts';
import { startIssuer } from '../support/issuer.ts';
import { type Outside, startOutside } from '../support/outside.ts';
import { freePort, until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type RunningProxy, startProxy, withoutProxy } from '../support/tinyproxy.ts';
import { keySet, makeKey, payloadOf, sign } from '../support/tokens.ts';

const host = 'issuer.test';
const issuer = `https://${host}`;
const key = makeKey();
const credentials = { user: 'claimgate', password: 'hunter2hunter2' };

describe('outbound connections go through a real proxy', { skip: withoutProxy }, () => {
  let outside: Outside;
  let proxy: RunningProxy;
  let guarded: RunningProxy;

  before(async () => {
    outside = await startOutside(host, (path) =>
      path === '/jwks' ? keySet(key) : { issuer, jwks_uri: `${issuer}/jwks` },
    );
    proxy = await startProxy(outside.outPort);
    guarded = await startProxy(outside.outPort, credentials);
  });
  after(async () => {
    await proxy?.stop();
    await guarded?.stop();
    await outside?.stop();
  });

  const token = (changes: Record<string, unknown> = {}) =>
    sign(key, {
      payload: payloadOf({
        iss: issuer,
        aud: 'https://api.example/graphql',
        iat: Math.floor(Date.now() / 1_000) - 10,
        exp: Math.floor(Date.now() / 1_000) + 600,
        ...changes,
      }),
    });
  const serverWith = (env: Record<string, string>): Promise<TestServer> =>
    startTestServer({
      env: {
        CLAIMGATE_ISSUER: issuer,
        CLAIMGATE_AUDIENCE: 'https://api.example/graphql',
        NODE_EXTRA_CA_CERTS: outside.authority,
        ...env,
      },
    });
  const askWith = (server: TestServer) => query(server.url, '{ viewer { __typename } }', { token: token() });

  for (const [what, name, login] of [
    ['HTTPS_PROXY', 'HTTPS_PROXY', false],
    ['https_proxy', 'https_proxy', false],
    ['all_proxy, without HTTPS_PROXY', 'all_proxy', false],
    ['HTTPS_PROXY with a user and a password', 'HTTPS_PROXY', true],
  ] as const) {
    it(`an issuer with a certificate of a private authority is reached through ${what}`, async () => {
      const { user, password } = credentials;
      const url = login ? `http://${user}:${password}@127.0.0.1:${guarded.port}` : `http://127.0.0.1:${proxy.port}`;
      const before = outside.asked.length;
      const server = await serverWith({ [name]: url });
      try {
        const { status, body } = await askWith(server);
        assert.equal(status, 200, JSON.stringify(body));
        assert.deepEqual(outside.asked.slice(before), ['/.well-known/openid-configuration', '/jwks']);
        assert.equal(outside.tunnels.at(-1), `${host}:443`);
        assert.match((login ? guarded : proxy).output(), /issuer\.test/);
        assert.ok(!server.output().includes(password));
      } finally {
        await server.dispose();
      }
    });
  }

  it('NO_PROXY names hosts that are reached directly, and an unavailable proxy is reported without its password', async () => {
    const tried = async (env: Record<string, string>) => {
      const server = await serverWith(env);
      try {
        assert.equal((await askWith(server)).status, 503);
        await until(() => /keys of the issuer are not available/.test(server.output()));
        assert.doesNotMatch(server.output(), /hunter2/);
        return server.output();
      } finally {
        await server.dispose();
      }
    };
    const count = outside.tunnels.length;
    const around = await tried({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: `other.test, .${host}` });
    assert.equal(outside.tunnels.length, count);
    assert.doesNotMatch(around, /through the proxy/);
    const port = await freePort();
    assert.match(
      await tried({ HTTPS_PROXY: `http://claimgate:hunter2@127.0.0.1:${port}` }),
      new RegExp(
        `issuer\\.test was not reached through the proxy http://127\\.0\\.0\\.1:${port} of HTTPS_PROXY \\(ECONNREFUSED\\)`,
      ),
    );
    assert.match(
      await tried({ https_proxy: `http://claimgate:hunter2@127.0.0.1:${guarded.port}` }),
      /was not reached through the proxy http:\/\/127\.0\.0\.1:\d+ of https_proxy \(it answered (?:401|407)\)/,
    );
  });

  it('a certificate of an unknown authority is reported with NODE_EXTRA_CA_CERTS', async () => {
    const server = await serverWith({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: '' });
    try {
      assert.equal((await askWith(server)).status, 503);
      await until(() => /set NODE_EXTRA_CA_CERTS to the path/.test(server.output()));
    } finally {
      await server.dispose();
    }
  });

  it('G-16 a proxy with TLS is trusted by the same authority, and otherwise the fault is reported', async () => {
    const ending = createTlsServer(outside.certify('localhost'), (socket) => {
      const reached = connect(guarded.port, '127.0.0.1');
      socket.pipe(reached).pipe(socket);
      for (const end of [socket, reached]) end.on('error', () => {});
    }).listen(0, '127.0.0.1');
    await once(ending, 'listening');
    const { port } = ending.address() as AddressInfo;
    // The password contains a percent-encoded letter, which the server must decode.
    const HTTPS_PROXY = `https://claimgate:%68unter2hunter2@localhost:${port}`;
    const good = await serverWith({ HTTPS_PROXY });
    const bad = await serverWith({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: '' });
    try {
      const { status, body } = await askWith(good);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal((await askWith(bad)).status, 503);
      const told = `issuer.test, or the proxy https://localhost:${port} of HTTPS_PROXY, has a certificate of an authority`;
      await until(() => bad.output().includes(told));
      assert.doesNotMatch(good.output() + bad.output(), /unter2/);
    } finally {
      await Promise.all([good.dispose(), bad.dispose()]);
      ending.close();
    }
  });

  it('addresses of this machine, and our own token endpoint, are never reached through it', async () => {
    const local = await startIssuer({ audience: 'https://api.example/graphql' });
    const count = outside.tunnels.length;
    const port = await freePort();
    // No proxy listens on this port, so a request through it would fail.
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}`, HTTP_PROXY: `http://127.0.0.1:${port}` };
    const server = await startTestServer({
      env: { ...env, CLAIMGATE_ISSUER: local.issuer, CLAIMGATE_AUDIENCE: 'https://api.example/graphql' },
    });
    try {
      await until(async () => (await fetch(`${server.own}/health/ready`)).ok);
      assert.equal(outside.tunnels.length, count);
    } finally {
      await local.stop();
      await server.dispose();
    }
  });
});
