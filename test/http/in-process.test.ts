import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fastify } from 'fastify';
import { boundedFetch } from '../../src/exchange/transport.ts';
import { inProcessFetch } from '../../src/http/in-process.ts';

const publicUrl = 'https://id.example.com';
const outside = () => Promise.reject(new Error('nothing goes out'));

it('a request to this server itself has the address of its caller, and the headers cannot change it', async () => {
  // With and without trusted proxies. The first address belongs to a trusted proxy.
  for (const trustProxy of [['loopback'], false]) {
    const app = fastify({ trustProxy });
    app.post('/address', async ({ ip }) => ip);
    for (const address of ['127.0.0.1', '203.0.113.7', '2001:db8::7']) {
      const response = await inProcessFetch(() => app, publicUrl, outside)({ address })(`${publicUrl}/address`, {
        method: 'POST',
        body: '{}',
        headers: {
          'content-type': 'application/json',
          'X-Forwarded-For': '198.51.100.1',
          Forwarded: 'for=198.51.100.1',
        },
      });
      assert.equal(await response.text(), address);
    }
    await app.close();
  }
});

it('a request to this server itself has all its headers, in each form in which code can give them', async () => {
  const app = fastify();
  app.post('/headers', async ({ headers }, reply) =>
    reply
      .header('www-authenticate', 'Basic')
      .header('set-cookie', ['a=1', 'b=2'])
      .send([headers['x-one'], headers['accept']]),
  );
  const ask = inProcessFetch(() => app, publicUrl, outside)({ address: '127.0.0.1' });
  const given: NonNullable<RequestInit['headers']>[] = [
    { 'x-one': '1', accept: 'a/b' },
    { 'X-One': '1', Accept: 'a/b' },
    [
      ['X-One', '1'],
      ['accept', 'a/b'],
    ],
    new Headers({ 'x-one': '1', accept: 'a/b' }),
  ];
  for (const headers of given) {
    const response = await ask(`${publicUrl}/headers`, { method: 'POST', headers });
    assert.deepEqual(await response.json(), ['1', 'a/b']);
    assert.equal(response.headers.get('www-authenticate'), 'Basic');
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
  }
  await app.close();
});

it('an answer of this server itself is passed on without a copy, unless it is too long', async () => {
  const app = fastify();
  app.post('/answer', async (request, reply) => reply.send('x'.repeat(Number(request.headers['x-length']))));
  const ask = boundedFetch(inProcessFetch(() => app, publicUrl, outside)({ address: '127.0.0.1' }), 5);
  const answer = (length: number) =>
    ask(`${publicUrl}/answer`, {
      method: 'POST',
      headers: { 'x-length': String(length) },
      body: null,
      redirect: 'manual',
    });
  assert.equal((await (await answer(1_048_576)).text()).length, 1_048_576);
  await assert.rejects(answer(1_048_577), { reason: 'body-too-long' });
  await app.close();
});
