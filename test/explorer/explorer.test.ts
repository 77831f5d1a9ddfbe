import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestServer, type TestServer } from '../support/server.ts';

describe('the explorer over HTTP', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.dispose());

  it('is a page with a strict policy and a new nonce each time', async () => {
    const nonces = new Set<string>();
    for (let visit = 0; visit < 2; visit += 1) {
      const { status, headers } = await fetch(`${server.url}/explorer`);
      assert.equal(status, 200);
      const policy = headers.get('content-security-policy') ?? '';
      const [, nonce = ''] = /'nonce-([\w-]+)'/.exec(policy) ?? [];
      nonces.add(nonce);
      assert.equal(
        policy.replace(nonce, 'R'),
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-R'; style-src-attr 'unsafe-inline'; connect-src 'self'; worker-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cache-control'), 'no-store');
    }
    assert.equal(nonces.size, 2);
    assert.ok(!nonces.has(''));
  });
});
