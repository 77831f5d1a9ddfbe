import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fastify } from 'fastify';
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
