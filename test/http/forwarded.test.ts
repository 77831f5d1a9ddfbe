import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { fastify } from 'fastify';
import { callerAddress, forwardedAddresses, readForwardedFor } from '../../src/http/headers/forwarded.ts';
import { addressMatcher } from '../../src/protocol/address-range.ts';
import { query } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openSocket } from '../support/socket.ts';

/** Header values, with the addresses that are read from them. */
const headers: readonly (readonly [header: string, addresses: readonly string[]])[] = [
  ['10.1.2.3', ['10.1.2.3']],
  ['10.1.2.3:8080', ['10.1.2.3']],
  ['[2001:db8::1]:443', ['2001:db8::1']],
  ['[2001:db8::1]', ['2001:db8::1']],
  ['2001:db8::1', ['2001:db8::1']],
  ['::ffff:10.1.2.3', ['::ffff:10.1.2.3']],
  ['fe80::1%eth0', ['fe80::1']],
  ['[fe80::1%25eth0]:443', ['fe80::1']],
  ['"10.1.2.3:8080"', ['10.1.2.3']],
  ['"[2001:db8::1]:443"', ['2001:db8::1']],
  [' 10.1.2.3:1 ,\t[2001:db8::1]:2,10.0.0.1 ', ['10.1.2.3', '2001:db8::1', '10.0.0.1']],
  // No trusted proxy vouches for the parts before an invalid part, so only the parts after it count.
  ['6.6.6.6, unknown, 10.0.0.1:80', ['10.0.0.1']],
  ['6.6.6.6, _hidden, 10.0.0.1', ['10.0.0.1']],
  ['6.6.6.6, , 10.0.0.1', ['10.0.0.1']],
  ['unknown, 10.0.0.1', ['10.0.0.1']],
  ['6.6.6.6, 10.0.0.1,', []],
  ['6.6.6.6, unknown', []],
  ['', []],
  ['10.1.2.3:', []],
  ['10.1.2.3:http', []],
  ['10.1.2.3:123456', []],
  ['010.1.2.3', []],
  ['10.1.2', []],
  ['[10.1.2.3]x', []],
  ['[2001:db8::1', []],
  ['"10.1.2.3', []],
  ["'10.1.2.3'", []],
  ['for=10.1.2.3', []],
  ['10.1.2.3\u0000', []],
  ['x'.repeat(10_000), []],
];

describe('G-17 X-Forwarded-For', () => {
  for (const [header, addresses] of headers) {
    it(`G-17 ${JSON.stringify(header.slice(0, 60))} is read as ${addresses.join(' ') || 'nothing'}`, () => {
      assert.deepEqual(forwardedAddresses(header), addresses);
    });
  }
});

describe('the lane finds the address of a caller as Fastify does', () => {
  const trusted = ['loopback', '10.0.0.0/8', '2001:db8::/32', '192.0.2.7'];
  const isProxy = addressMatcher(trusted);
  const app = fastify({ trustProxy: trusted });
  readForwardedFor(app);
  app.get('/', async ({ ip }) => ip);
  after(() => app.close());

  for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:10.9.9.9', '192.0.2.7', '192.0.2.8', 'fe80::1']) {
    it(`behind ${peer}`, async () => {
      const chains = [
        '192.0.2.7, 198.51.100.1',
        '198.51.100.1, 10.0.0.1, 192.0.2.7',
        '10.0.0.1, 10.0.0.2',
        '192.0.2.8',
      ];
      const sent = [...headers.map(([header]) => header), ...chains].filter((header) => !header.includes('\0'));
      for (const header of [undefined, ...sent]) {
        const { payload } = await app.inject({
          url: '/',
          remoteAddress: peer,
          headers: header === undefined ? {} : { 'x-forwarded-for': header },
        });
        assert.equal(callerAddress(peer, header, isProxy), payload, header?.slice(0, 60));
      }
    });
  }
});

const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('a server behind a proxy', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      env: { HOST: hasIPv6 ? '[::]' : '0.0.0.0', CLAIMGATE_TRUSTED_PROXIES: 'loopback,10.0.0.0/8' },
      config: `export default { modules: [{
        name: 'address',
        typeDefs: 'extend type Query { address: String @public }',
        resolvers: { Query: { address: (_source, _args, { address }) => address } },
      }] }`,
    });
  });
  after(() => server?.dispose());

  for (const [header, address] of [
    ['203.0.113.7:8080', '203.0.113.7'],
    ['6.6.6.6, [2001:db8::7]:443, 10.0.0.1:80', '2001:db8::7'],
    ['"203.0.113.7", 10.0.0.1', '203.0.113.7'],
    // If a proxy states no address, the proxy itself counts as the caller. The parts before it are ignored.
    ['6.6.6.6, unknown, 10.0.0.1:80', '10.0.0.1'],
  ] as const) {
    it(`G-17 the caller behind ${header} has the address ${address}, by POST and by WebSocket`, async () => {
      const { body } = await query(server.own, '{ address }', { headers: { 'x-forwarded-for': header } });
      assert.deepEqual(body.data, { address });
      const socket = await openSocket(server.own, { from: header });
      socket.subscribe('1', '{ address }');
      const [message] = await socket.wait(({ type }) => type === 'next');
      assert.deepEqual(message?.payload, { data: { address } });
      socket.socket.terminate();
    });
  }

  it('G-17 a header without a usable address is ignored: the address of the socket counts', async () => {
    for (const header of ['6.6.6.6, unknown', ',', '::::']) {
      const { body } = await query(server.own, '{ address }', { headers: { 'x-forwarded-for': header } });
      assert.match(String(body.data?.address), /^(::ffff:)?127\.0\.0\.1$/);
    }
  });

  it('G-18 HOST=[::] listens on every address', { skip: hasIPv6 ? false : 'this machine has no IPv6' }, async () => {
    const { port } = new URL(server.own);
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      assert.equal((await fetch(`http://${host}:${port}/health/live`)).status, 200, host);
    }
  });
});
