import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConnections } from '../../src/config/objects/connections.ts';
import { allowedOrigins } from '../../src/config/environment/network.ts';
import { isLoopbackUrl, isSecureUrl, isThisDevice } from '../../src/protocol/url.ts';
import { remoteKeys } from '../../src/issuer/remote-keys.ts';

describe('loopback hosts', () => {
  it('are localhost, 127.0.0.1 and [::1], in any spelling of the URL', () => {
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.1', '0x7f000001', '[::1]', '[0:0:0:0:0:0:0:1]']) {
      assert.ok(isLoopbackUrl(new URL(`http://${host}:4000/a`)), host);
    }
    for (const host of [
      '127.0.0.2',
      'localhost.example',
      'a.localhost',
      'localhost.',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
    ]) {
      assert.ok(!isLoopbackUrl(new URL(`http://${host}/`)), host);
    }
    assert.ok(!isLoopbackUrl(new URL('https://localhost/')));
    assert.ok(isSecureUrl(new URL('https://login.example/')) && !isSecureUrl(new URL('ftp://localhost/')));
  });

  it('are the same for the public URL, origins, issuers and connections (127.0.0.2 is none of them)', () => {
    const address = (host: string) => `http://${host}:4001`;
    for (const [host, isLoopback] of [
      ['127.0.0.1', true],
      ['127.0.0.2', false],
    ] as const) {
      assert.equal(allowedOrigins(address(host)) !== null, isLoopback);
      const keys = () => remoteKeys({ issuer: 'acme', jwksUri: address(host) });
      if (isLoopback) keys();
      else assert.throws(keys, /jwksUri must be an https URL \(http on a loopback address only\)/);
      const entry = {
        name: 'a',
        issuer: address(host),
        clientId: 'b',
        clientSecret: 'c',
        redirectUris: [address(host)],
      };
      const faults = [...checkConnections([entry], 'connections', {})].map((fault) => fault.split(':')[0]);
      const expected = isLoopback ? [] : ['connections[0] "a".issuer', 'connections[0] "a".redirectUris'];
      assert.deepEqual(faults, expected);
    }
  });
});

describe('this device', () => {
  it('includes every loopback and unspecified address, and every name below localhost', () => {
    const own = ['localhost', 'localhost.', 'a.localhost', '127.0.0.2', '127.255.0.1', '0.0.0.0', '[::]', '[::1]'];
    for (const host of [...own, '[::ffff:127.0.0.1]'])
      assert.ok(isThisDevice(new URL(`http://${host}/`).hostname), host);
    for (const host of ['login.example', 'localhost.example', '128.0.0.1', '10.0.0.1', '[fe80::1]']) {
      assert.ok(!isThisDevice(new URL(`http://${host}/`).hostname), host);
    }
  });
});
