import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { readServerConfig } from '../../src/server/configuration.ts';
import { StartError } from '../../src/errors.ts';
import { startServer } from '../../src/server.ts';
import { freePort, temporaryFolder } from '../support/process.ts';

const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
const noIPv6 = addresses.includes('::1') ? false : 'this machine has no IPv6';

/** Starts a server in this process with this HOST, and sends a request to each of these hosts. */
async function assertServes(HOST: string, hosts: readonly string[]): Promise<void> {
  const { path, remove } = await temporaryFolder();
  const port = await freePort();
  const environment = { HOST, PORT: String(port), DATABASE_URL: `file:${path}/x.db`, LOG_LEVEL: 'silent' };
  const { config, faults } = await readServerConfig(environment, path);
  assert.deepEqual(faults, []);
  try {
    const server = await startServer(config, { announce: () => {} });
    try {
      for (const host of hosts) assert.equal((await fetch(`http://${host}:${port}/health/ready`)).status, 200, host);
    } finally {
      await server.close();
    }
  } finally {
    await remove();
  }
}

describe('G-18 HOST', () => {
  it('G-18 localhost', () => assertServes('localhost', ['localhost', '127.0.0.1']));
  it('G-18 0.0.0.0', () => assertServes('0.0.0.0', ['127.0.0.1']));
  it('G-18 [::1] and ::1', { skip: noIPv6 }, async () => {
    await assertServes('[::1]', ['[::1]']);
    await assertServes('::1', ['[::1]']);
  });
  it('G-18 ::', { skip: noIPv6 }, () => assertServes('::', ['[::1]', '127.0.0.1']));

  for (const [HOST, reason] of [
    ['203.0.113.1', /no network interface of this machine has this address/],
    ['nohost.invalid', /the (host name is unknown here|name server does not answer)/],
  ] as const) {
    it(`G-18 ${HOST}, at which no server can listen, is a start fault with the reason`, async () => {
      await assert.rejects(assertServes(HOST, []), (error) => {
        assert.ok(error instanceof StartError, String(error));
        assert.match(error.message, new RegExp(`^PORT=\\d+, HOST=${HOST.replaceAll('.', '\\.')}: expected an address`));
        assert.match(error.message, reason);
        return true;
      });
    });
  }
});
