import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { upstreamSource } from '../../src/exchange/upstream.ts';

const endpoints = {
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  jwks_uri: 'https://login.example/keys',
};

/** What a connection finds out of an issuer whose metadata are these. */
function sourceOf(options: { issuer: string; metadata?: string }, document: object) {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    const body = url === endpoints.jwks_uri ? { keys: [] } : document;
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'text/plain' } });
  };
  return { source: upstreamSource({ ...options, fetch, timeout: 5, now: Date.now }), asked };
}

describe('the issuer of a connection', () => {
  it('G-22 may have its metadata elsewhere, and then any name', async () => {
    const metadata = 'https://login.example/policy/.well-known/openid-configuration?p=a';
    for (const issuer of ['acme.com', 'https://login.example/another/']) {
      const { source, asked } = sourceOf(
        { issuer, metadata },
        { ...endpoints, issuer: 'https://login.example/a-third' },
      );
      const { metadata: found } = await source.get();
      assert.equal(found.tokenEndpoint, endpoints.token_endpoint);
      assert.deepEqual(asked, [metadata, endpoints.jwks_uri]);
    }
  });

  for (const [found, told] of [
    [
      'https://login.example/',
      /another-issuer: expected "https:\/\/login\.example", and its metadata has "https:\/\/login\.example\/"$/,
    ],
    ['https://login.example/{tenantid}/v2.0', /has "https:\/\/login\.example\/\{tenantid\}\/v2\.0"$/],
    [undefined, /has no text$/],
  ] as const) {
    it(`G-23 that is called ${found} in its metadata is refused, and both names are told`, async () => {
      const { source } = sourceOf({ issuer: 'https://login.example' }, { ...endpoints, issuer: found });
      await assert.rejects(source.get(), told);
    });
  }

  it('G-22 on the network may not name an endpoint of this machine', async () => {
    const local = { ...endpoints, token_endpoint: 'http://127.0.0.1/token' };
    const { source } = sourceOf({ issuer: 'acme.com', metadata: 'https://login.example/m' }, local);
    await assert.rejects(source.get(), /no-token-endpoint/);
  });
});
