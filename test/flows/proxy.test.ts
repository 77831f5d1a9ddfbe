import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { query } from '../support/client.ts';
import { startIssuer } from '../support/issuer.ts';
import { freePort, temporaryFolder, until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type RunningProxy, startProxy, withoutProxy } from '../support/tinyproxy.ts';
import { keySet, makeKey, payloadOf, sign } from '../support/tokens.ts';

const host = 'issuer.test';
const issuer = `https://${host}`;
const key = makeKey();
const credentials = { user: 'claimgate', password: 'hunter2hunter2' };

describe('outbound connections go through a real proxy', { skip: withoutProxy }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let authority: string;
  let proxy: RunningProxy;
  let guarded: RunningProxy;
  /** What was asked of the issuer, and of the further proxy. */
  const asked: string[] = [];
  const tunnels: string[] = [];
  const closing: (() => void)[] = [];

  before(async () => {
    folder = await temporaryFolder();
    const certificate = makeCertificate(host);
    authority = join(folder.path, 'authority.pem');
    await writeFile(authority, certificate.cert);
    const elsewhere = createHttpsServer(certificate, (request, response) => {
      asked.push(request.url ?? '');
      const body = request.url === '/jwks' ? keySet(key) : { issuer, jwks_uri: `${issuer}/jwks` };
      response.end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    // No name server knows the issuer: the proxy's own way out leads to it.
    const out = createHttpServer().listen(0, '127.0.0.1');
    out.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const reached = connect((elsewhere.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(reached).pipe(socket);
      });
      for (const end of [socket, reached]) end.on('error', () => {});
    });
    await once(out, 'listening');
    closing.push(
      () => elsewhere.closeAllConnections(),
      () => elsewhere.close(),
      () => out.closeAllConnections(),
      () => out.close(),
    );
    const { port } = out.address() as AddressInfo;
    proxy = await startProxy(port);
    guarded = await startProxy(port, credentials);
  });
  after(async () => {
    await proxy?.stop();
    await guarded?.stop();
    for (const close of closing) close();
    await folder?.remove();
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
        NODE_EXTRA_CA_CERTS: authority,
        ...env,
      },
    });
  const askWith = (server: TestServer) => query(server.url, '{ viewer { __typename } }', { token: token() });

  for (const [what, name, login] of [
    ['HTTPS_PROXY', 'HTTPS_PROXY', false],
    ['https_proxy', 'https_proxy', false],
    ['HTTPS_PROXY with a user and a password', 'HTTPS_PROXY', true],
  ] as const) {
    it(`an issuer with a certificate of a private authority is reached through ${what}`, async () => {
      const { user, password } = credentials;
      const url = login ? `http://${user}:${password}@127.0.0.1:${guarded.port}` : `http://127.0.0.1:${proxy.port}`;
      const before = asked.length;
      const server = await serverWith({ [name]: url });
      try {
        const { status, body } = await askWith(server);
        assert.equal(status, 200, JSON.stringify(body));
        assert.deepEqual(asked.slice(before), ['/.well-known/openid-configuration', '/jwks']);
        assert.equal(tunnels.at(-1), `${host}:443`);
        assert.match((login ? guarded : proxy).output(), /issuer\.test/);
        assert.ok(!server.output().includes(password));
      } finally {
        await server.dispose();
      }
    });
  }

  it('NO_PROXY names hosts that are asked without it, and a proxy that is not there is told without its password', async () => {
    const tried = async (env: Record<string, string>) => {
      const server = await serverWith(env);
      try {
        assert.equal((await askWith(server)).status, 503);
        await until(() => /keys of the issuer cannot be had/.test(server.output()));
        assert.doesNotMatch(server.output(), /hunter2/);
        return server.output();
      } finally {
        await server.dispose();
      }
    };
    const count = tunnels.length;
    const around = await tried({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: `other.test, .${host}` });
    assert.equal(tunnels.length, count);
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

  it('a certificate of an authority that is not known is told with NODE_EXTRA_CA_CERTS', async () => {
    const server = await serverWith({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: '' });
    try {
      assert.equal((await askWith(server)).status, 503);
      await until(() => /set NODE_EXTRA_CA_CERTS to the path/.test(server.output()));
    } finally {
      await server.dispose();
    }
  });

  it('addresses of this machine, and our own token endpoint, are never asked through it', async () => {
    const local = await startIssuer({ audience: 'https://api.example/graphql' });
    const count = tunnels.length;
    const port = await freePort();
    // Nothing listens there: what went through it would fail.
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}`, HTTP_PROXY: `http://127.0.0.1:${port}` };
    const server = await startTestServer({
      env: { ...env, CLAIMGATE_ISSUER: local.issuer, CLAIMGATE_AUDIENCE: 'https://api.example/graphql' },
    });
    try {
      await until(async () => (await fetch(`${server.own}/health/ready`)).ok);
      assert.equal(tunnels.length, count);
    } finally {
      await local.stop();
      await server.dispose();
    }
  });
});
