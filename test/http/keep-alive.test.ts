import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { after, describe, it } from 'node:test';
import type { Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { idleTimeoutMs, keepProxyConnections } from '../../src/http/connections/keep-alive.ts';

const apps: FastifyInstance[] = [];
after(() => Promise.all(apps.map((app) => app.close())));

/**
 * Sends two requests one after another on one connection. Returns the last `Keep-Alive` header and the timeout of the
 * idle socket.
 */
async function idle(trustedProxies: readonly string[], headers: Record<string, string> = {}) {
  const app = fastify({ keepAliveTimeout: idleTimeoutMs.ofCallers, forceCloseConnections: true });
  apps.push(app);
  keepProxyConnections(app, trustedProxies);
  const during: (number | undefined)[] = [];
  app.get('/', (request, reply) => {
    during.push(request.raw.socket.timeout);
    reply.send('answer');
  });
  const accepted: Socket[] = [];
  app.server.on('connection', (socket: Socket) => accepted.push(socket));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let response: IncomingMessage | undefined;
  for (let sent = 0; sent < 2; sent += 1) {
    [response] = (await once(get(url, { agent, headers }), 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
  }
  const timeoutMs = accepted[0]?.timeout;
  agent.destroy();
  assert.equal(accepted.length, 1);
  assert.deepEqual(
    during.map((limit) => limit || 0),
    [0, 0],
    'a running request has no idle timeout',
  );
  return { keepAlive: response?.headers['keep-alive'], timeoutMs };
}

describe('how long an idle connection is kept', () => {
  for (const trusted of [['loopback'], ['127.0.0.1'], ['10.0.0.0/8', '127.0.0.1/8'], ['::1', '127.0.0.0/30']]) {
    it(`a connection of the trusted proxy ${trusted.join(', ')} is kept for 620 s`, async () => {
      const { keepAlive, timeoutMs } = await idle(trusted);
      assert.equal(keepAlive, 'timeout=620');
      assert.equal(timeoutMs, 621_000);
    });
  }

  for (const trusted of [[], ['10.0.0.0/8'], ['uniquelocal', 'linklocal'], ['127.0.0.2', 'fc00::/7']]) {
    it(`a caller that does not connect through the trusted proxy ${trusted.join(', ') || '(none)'} is kept for 72 s`, async () => {
      const { keepAlive, timeoutMs } = await idle(trusted, { 'x-forwarded-for': '10.0.0.1' });
      assert.equal(keepAlive, 'timeout=72');
      assert.ok(timeoutMs !== undefined && timeoutMs >= 72_000 && timeoutMs <= 73_000, String(timeoutMs));
    });
  }
});
