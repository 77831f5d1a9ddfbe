import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outboundProxies, proxyFaults } from '../../../src/config/environment/proxies.ts';
import { outboundFaults } from '../../../src/server/foreign/outbound.ts';

describe('the proxy of the environment', () => {
  it('is https_proxy, then HTTPS_PROXY, also without a scheme', () => {
    const of = (environment: Record<string, string>) => outboundProxies(environment).https;
    assert.equal(of({}), null);
    assert.equal(of({ HTTPS_PROXY: '' }), null);
    assert.equal(of({ HTTP_PROXY: 'http://a:1' }), null);
    assert.equal(of({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' })?.shown, 'http://b:2');
    assert.equal(of({ HTTPS_PROXY: ' proxy.example.com:3128 \n' })?.url, 'http://proxy.example.com:3128/');
    const secret = of({ HTTPS_PROXY: 'http://u:hunter2@a:1' });
    assert.deepEqual([secret?.url, secret?.shown], ['http://u:hunter2@a:1/', 'http://a:1']);
    assert.equal(outboundProxies({ NO_PROXY: 'a', no_proxy: 'b' }).exceptions, 'b');
  });

  for (const value of [
    'socks5://a:1',
    'http://',
    'http://u:p@ss/w#rd@a:1',
    'http://a:99999',
    'http://a b',
    'http://a/path',
  ]) {
    it(`${value} is a fault that names the variable and does not repeat the value`, () => {
      for (const name of ['HTTPS_PROXY', 'https_proxy']) {
        const [fault = '', ...more] = proxyFaults({ [name]: value });
        assert.deepEqual(more, []);
        assert.ok(fault.startsWith(`${name}: expected a proxy such as`));
        assert.ok(value === 'http://' || !fault.includes(value));
        assert.equal(outboundProxies({ [name]: value }).https, null);
      }
    });
  }

  it('is ALL_PROXY if HTTPS_PROXY is not set, as in curl, and a SOCKS proxy is a fault that names ALL_PROXY', () => {
    const of = (environment: Record<string, string>) => outboundProxies(environment).https;
    assert.equal(of({ ALL_PROXY: 'http://a:1' })?.variable, 'ALL_PROXY');
    assert.equal(of({ ALL_PROXY: 'http://a:1', all_proxy: 'http://b:2' })?.shown, 'http://b:2');
    assert.equal(of({ ALL_PROXY: 'socks5://a:1', HTTPS_PROXY: 'http://c:3' })?.shown, 'http://c:3');
    assert.deepEqual([...proxyFaults({ ALL_PROXY: 'socks5://a:1', HTTPS_PROXY: 'http://c:3' })], []);
    assert.match(
      [...proxyFaults({ all_proxy: 'socks5h://u:hunter2@a:1' })].join('\n'),
      /^all_proxy: expected a proxy such as [^\n]*; SOCKS proxies \(socks5h\) are not supported$/,
    );
  });

  it('NODE_EXTRA_CA_CERTS that names no certificates is a fault', () => {
    for (const path of ['/nowhere', import.meta.dirname, import.meta.filename.replace('.ts', '.pem')]) {
      assert.match([...proxyFaults({ NODE_EXTRA_CA_CERTS: path })].join(), /^NODE_EXTRA_CA_CERTS=.*PEM/);
    }
  });

  it('is not a fault without foreign issuers', () => {
    const nothing = { issuer: undefined, issuers: [], connections: [] };
    assert.deepEqual(outboundFaults(nothing, { HTTPS_PROXY: 'socks5://a:1' }), []);
    assert.equal(outboundFaults({ ...nothing, issuer: 'https://a' }, { HTTPS_PROXY: 'socks5://a:1' }).length, 1);
  });
});
