import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { type FastifyInstance, fastify } from 'fastify';
import { type InProcessAnswer, type InProcessRequest, inProcessPost } from '../../src/http/in-process.ts';

const json = { 'content-type': 'application/json' };

describe('a request to this server itself', () => {
  let app: FastifyInstance;
  let post: (request: Partial<InProcessRequest> & { readonly path: string }) => Promise<InProcessAnswer>;
  const logged: string[] = [];

  before(async () => {
    app = fastify();
    app.addHook('onRequest', async ({ raw }) => void logged.push(`began ${raw.url}`));
    app.addHook('onResponse', async ({ raw }, reply) => void logged.push(`ended ${raw.url} ${reply.raw.statusCode}`));
    app.post('/echo', async ({ headers, body, method, ip }, reply) =>
      reply
        .header('www-authenticate', 'Basic')
        .header('set-cookie', ['a=1', 'b=2'])
        .send({ headers, body, method, ip }),
    );
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      scope.post('/raw/stream', async ({ raw }, reply) => {
        reply.hijack();
        const read = await text(raw);
        reply.raw.setHeader('x-own', 'yes');
        reply.raw.writeHead(401, { 'retry-after': '7' });
        reply.raw.write(Buffer.from('é').subarray(0, 1));
        reply.raw.write(Buffer.from('é').subarray(1));
        reply.raw.end(read);
      });
      scope.post('/raw/twice', async (_request, reply) => {
        reply.hijack();
        reply.raw.statusCode = 204;
        reply.raw.end();
        reply.raw.end('again');
      });
      scope.post('/raw/destroyed', async (_request, reply) => {
        reply.hijack();
        reply.raw.destroy();
      });
      scope.post('/raw/throws', async () => {
        throw new Error('s3cret');
      });
    });
    await app.ready();
    const send = inProcessPost(() => app);
    post = ({ headers = json, body = '{}', address = '192.0.2.1', path }) => send({ path, headers, body, address });
  });
  after(() => app.close());

  it('has its method, headers and body, and the answer has all headers', async () => {
    const answer = await post({ path: '/echo', headers: { ...json, 'x-one': '1' }, body: '{"a":"é"}' });
    const { headers, ...others } = JSON.parse(answer.body);
    assert.deepEqual(others, { body: { a: 'é' }, method: 'POST', ip: '192.0.2.1' });
    assert.deepEqual(headers, { 'content-type': 'application/json', 'x-one': '1', 'content-length': '10' });
    assert.equal(answer.status, 200);
    assert.equal(answer.header('www-authenticate'), 'Basic');
    assert.equal(answer.header('content-type'), 'application/json; charset=utf-8');
    assert.equal(answer.header('retry-after'), undefined);
  });

  it('passes the hooks, and the last one before the answer is returned', async () => {
    logged.length = 0;
    await post({ path: '/echo' });
    assert.deepEqual(logged, ['began /echo', 'ended /echo 200']);
  });

  it('gets the whole answer of a handler of node:http that writes in parts', async () => {
    const answer = await post({ path: '/raw/stream', body: 'the body' });
    assert.deepEqual([answer.status, answer.body], [401, 'éthe body']);
    assert.deepEqual([answer.header('retry-after'), answer.header('x-own')], ['7', 'yes']);
  });

  it('gets the first of two answers', async () => {
    const answer = await post({ path: '/raw/twice' });
    assert.deepEqual([answer.status, answer.body], [204, '']);
  });

  it('gets 500 without the message if the handler throws, and 404 without a route', async () => {
    assert.equal((await post({ path: '/raw/throws' })).status, 500);
    assert.equal((await post({ path: '/nothing' })).status, 404);
  });

  it('fails if its answer is destroyed', async () => {
    await assert.rejects(post({ path: '/raw/destroyed' }), /the answer was destroyed/);
  });

  it('is refused when the server is closed', async () => {
    const closed = fastify();
    closed.post('/echo', async () => 'never');
    await closed.ready();
    await closed.close();
    const answer = await inProcessPost(() => closed)({ path: '/echo', headers: json, body: '{}', address: '::1' });
    assert.equal(answer.status, 503);
  });
});

it('a request to this server itself has the address of its caller, with and without trusted proxies', async () => {
  // The first address belongs to a trusted proxy.
  for (const trustProxy of [['loopback'], false]) {
    const app = fastify({ trustProxy });
    app.post('/address', async ({ ip }) => ip);
    await app.ready();
    for (const address of ['127.0.0.1', '203.0.113.7', '2001:db8::7']) {
      const answer = await inProcessPost(() => app)({ path: '/address', headers: json, body: '{}', address });
      assert.equal(answer.body, address);
    }
    await app.close();
  }
});
