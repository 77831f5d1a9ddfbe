import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { upstreamSource } from '../../../src/exchange/connections/upstream.ts';

const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const endpoints = {
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
  jwks_uri: 'https://login.example/keys',
};

/** The endpoints and keys of an issuer with this metadata document. */
function sourceOf(options: { issuer: string; metadata?: string }, document: object) {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    const body = url === endpoints.jwks_uri ? { keys: [key] } : document;
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'text/plain' } });
  };
  return { source: upstreamSource({ ...options, fetch, timeoutSeconds: 5, now: Date.now }), asked };
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

  for (const [found, message] of [
    [
      'https://login.example/',
      /another-issuer: expected "https:\/\/login\.example", and its metadata has "https:\/\/login\.example\/"$/,
    ],
    ['https://login.example/{tenantid}/v2.0', /has "https:\/\/login\.example\/\{tenantid\}\/v2\.0"$/],
    [undefined, /has no text$/],
  ] as const) {
    it(`G-23 that is called ${found} in its metadata is refused, and the message has both names`, async () => {
      const { source } = sourceOf({ issuer: 'https://login.example' }, { ...endpoints, issuer: found });
      await assert.rejects(source.get(), message);
    });
  }

  it('G-22 on the network may not name an endpoint of this machine', async () => {
    const local = { ...endpoints, token_endpoint: 'http://127.0.0.1/token' };
    const { source } = sourceOf({ issuer: 'acme.com', metadata: 'https://login.example/m' }, local);
    await assert.rejects(source.get(), /no-token-endpoint/);
  });

  const issuer = 'https://login.example';
  const openid = `${issuer}/.well-known/openid-configuration`;
  /** The endpoints and keys of an issuer with these answers by URL. Every other URL is answered with 404. */
  const answering = (answers: Readonly<Record<string, () => Response>>) =>
    upstreamSource({
      issuer,
      fetch: async (url) => answers[url]?.() ?? new Response(null, { status: 404 }),
      timeoutSeconds: 5,
      now: Date.now,
    });
  const published = { ...endpoints, issuer };

  it('may have its metadata at the address of RFC 8414, like the issuer of access tokens', async () => {
    const source = answering({
      [`${issuer}/.well-known/oauth-authorization-server`]: () => Response.json(published),
      [endpoints.jwks_uri]: () => Response.json({ keys: [key] }),
    });
    assert.equal((await source.get()).metadata.tokenEndpoint, endpoints.token_endpoint);
  });

  for (const [what, answers, reason] of [
    ['no key that verifies', { [endpoints.jwks_uri]: () => Response.json({ keys: [] }) }, 'no-key-set'],
    ['keys of more than 512 KiB', { [endpoints.jwks_uri]: () => new Response(' '.repeat(524_289)) }, 'body-too-long'],
    ['a redirect in the place of keys', { [endpoints.jwks_uri]: () => Response.redirect(issuer, 302) }, 'status-302'],
    ['no metadata at all', { [openid]: () => new Response(null, { status: 404 }) }, 'status-404'],
    [
      'a fragment in jwks_uri',
      { [openid]: () => Response.json({ ...published, jwks_uri: `${issuer}/#a` }) },
      'no-jwks-uri',
    ],
  ] as const) {
    it(`is refused with ${what}, like the issuer of access tokens`, async () => {
      const source = answering({ [openid]: () => Response.json(published), ...answers });
      await assert.rejects(source.get(), { name: 'Unreachable', reason });
    });
  }
});
