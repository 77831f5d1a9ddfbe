import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import {
  exchange,
  postForm,
  codeForm,
  query,
  refresh,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { onDatabase } from '../support/databases.ts';
import { admin, startTestServer } from '../support/server.ts';

/** Starts a collector that stores the received bytes. Names appear in the bytes unchanged. */
async function startCollector(): Promise<{
  url: string;
  received: () => Buffer;
  requests: () => number;
  server: Server;
}> {
  const bodies: Buffer[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    assert.equal(`${request.method} ${request.url}`, 'POST /v1/traces');
    assert.equal(request.headers['content-type'], 'application/x-protobuf');
    bodies.push(await buffer(request));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received: () => Buffer.concat(bodies),
    requests: () => bodies.length,
    server,
  };
}

onDatabase('PostgreSQL', (database) => {
  describe('OpenTelemetry', () => {
    let collector: Awaited<ReturnType<typeof startCollector>>;
    before(async () => {
      collector = await startCollector();
    });
    after(() => {
      collector.server.closeAllConnections();
      collector.server.close();
    });

    it('a whole sign-in is traced, and no secret of it is in the spans', async () => {
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      };
      const server = await startTestServer({ database, env, fromSources: true });
      const own = await signInFor(server.url, { scope: 'openid profile applications' });
      const shop = await registerApplication(server.url, own.accessToken);
      const { input } = await requestCode(server.url, { scope: 'openid profile' });
      const form = await postForm(server.url, '/oauth/token', codeForm(input));
      const again = (await requestCode(server.url, { scope: 'openid profile' })).input;
      const tokens = await exchange(server.url, again);
      const renewed = await refresh(server.url, { refreshToken: tokens['refreshToken'] });
      const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      await query(server.url, 'query Named($secretVariable: Int) { viewer { subject } }', {
        token: renewed['accessToken'],
        headers: { traceparent: parent },
        variables: { secretVariable: 4711 },
      });
      await query(server.url, '{ viewer { subject } }', { token: 'x.y.z', headers: { traceparent: 'nonsense' } });
      assert.equal(await server.stop(), 0);
      await server.dispose();

      const bytes = collector.received();
      for (const name of [
        'claimgate',
        'deployment.environment',
        'POST /graphql',
        'POST /oauth/token',
        'GET /oauth/authorize',
        'database Select',
        'database Insert',
        'graphql.operation.type',
        'claimgate.token.outcome',
        'INVALID_TOKEN',
        'claimgate.exchange.ok',
        'claimgate.request_id',
      ]) {
        assert.ok(bytes.includes(name), name);
      }
      assert.ok(bytes.includes(Buffer.from('4bf92f3577b34da6a3ce929d0e0e4736', 'hex')), 'the trace of the caller');
      for (const [name, secret] of Object.entries({
        password: admin.password,
        email: admin.email,
        'client secret': shop.clientSecret,
        code: input.code,
        'other code': again.code,
        verifier: input.codeVerifier,
        'access token': own.accessToken,
        'access token of the form': form.body['access_token'],
        'signature of the access token': String(tokens['accessToken']).split('.')[2],
        'refresh token': tokens['refreshToken'],
        'second refresh token': renewed['refreshToken'],
        'ID token': tokens['idToken'],
        variable: 'secretVariable',
        'operation name': 'Named',
        'query text': 'viewer',
      })) {
        assert.equal(typeof secret, 'string', name);
        assert.ok(!bytes.includes(String(secret)), name);
      }
    });

    it('without an endpoint, or switched off, nothing is sent', async () => {
      const before = collector.requests();
      for (const env of [
        { OTEL_SERVICE_NAME: 'x' },
        { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' },
        { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_EXPORTER: 'none' },
      ]) {
        const server = await startTestServer({ database, env, fromSources: true });
        await query(server.url, '{ scopes { name } }');
        await server.dispose();
      }
      assert.equal(collector.requests(), before);
    });

    it('an unavailable collector only causes a line in the log', async () => {
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
        OTEL_BSP_SCHEDULE_DELAY: '100',
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      };
      const server = await startTestServer({ database, env, fromSources: true });
      const { accessToken } = await signInFor(server.url);
      assert.equal((await query(server.url, '{ viewer { subject } }', { token: accessToken })).status, 200);
      const from = performance.now();
      assert.equal(await server.stop(), 0);
      assert.ok(performance.now() - from < 9_000);
      assert.equal(server.output().split('traces cannot be sent').length - 1, 1);
      await server.dispose();
    });
  });
});
