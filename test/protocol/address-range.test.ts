import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fastify } from 'fastify';
import { addressMatcher, isAddressRange, namedRanges } from '../../src/protocol/address-range.ts';

const callers = ['127.0.0.9', '169.254.7.7', '10.1.2.3', '172.31.0.1', '192.168.3.4', '203.0.113.9', '2001:db8::1'];

describe('ranges of IP addresses', () => {
  for (const name of namedRanges.keys()) {
    it(`the range ${name} has the addresses that Fastify trusts by this name`, async () => {
      const app = fastify({ trustProxy: [name] });
      app.get('/', async ({ ip }) => ip);
      const matches = addressMatcher([name]);
      assert.ok(isAddressRange(name));
      for (const remoteAddress of [...callers, '::1', 'fe80::1', 'fd00::1']) {
        const headers = { 'x-forwarded-for': '198.51.100.1' };
        const { body } = await app.inject({ url: '/', remoteAddress, headers });
        assert.equal(body === '198.51.100.1', matches(remoteAddress), remoteAddress);
      }
      await app.close();
    });
  }

  it('an IPv4-mapped address and a link-local address with a zone are found', () => {
    assert.ok(addressMatcher(['10.0.0.0/8'])('::ffff:10.1.2.3'));
    assert.ok(addressMatcher(['linklocal'])('fe80::1%eth0'));
    assert.ok(!addressMatcher(['10.0.0.0/8'])(''));
  });

  it('a range of all addresses, a prefix that is too long and an unknown name are refused', () => {
    for (const text of ['0.0.0.0/0', '::/0', '10.0.0.0/33', '::1/129', '10.0.0.0/8/8', 'constructor', 'private', '']) {
      assert.ok(!isAddressRange(text), text);
    }
    for (const text of ['10.0.0.1', '10.0.0.0/32', '::1', 'fc00::/7']) assert.ok(isAddressRange(text), text);
  });
});
