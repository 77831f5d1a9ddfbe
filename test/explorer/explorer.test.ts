import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import type { Settings } from '../../src/explorer/client/settings.ts';
import { plainLandingPage } from '../../src/http/graphql/landing-page.ts';
import { explorerRoutes } from '../../src/explorer/explorer.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Reads the settings of a page. */
function settingsOf(html: string): Settings {
  const [, json = ''] = /<script type="application\/json" id="settings">([^<]*)<\/script>/.exec(html) ?? [];
  return JSON.parse(json) as Settings;
}

/** Sends a GET whose headers and path are exactly these, and returns the answer without decoding it. */
async function get(address: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { hostname, port } = new URL(address);
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined;
    headers: Record<string, unknown>;
    body: Buffer;
  }>();
  const sent = request({ hostname, port, path, headers, method }, (answer) => {
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part));
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
  });
  sent.on('error', reject).end();
  return promise;
}

describe('the explorer over HTTP', () => {
  let server: TestServer;
  let html: string;
  let script: string;
  before(async () => {
    server = await startTestServer();
    html = await (await fetch(`${server.url}/explorer`)).text();
    script = /src="(\/explorer\/assets\/app-[^"]+\.js)"/.exec(html)?.[1] ?? '';
    assert.notEqual(script, '');
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
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-R'; style-src-attr 'unsafe-inline'; connect-src 'self'; worker-src 'self'; font-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('set-cookie'), null);
    }
    assert.equal(nonces.size, 2);
    assert.ok(!nonces.has(''));
  });

  it('has its settings as JSON, no inline script, and no address of another origin', () => {
    const settings = settingsOf(html);
    assert.deepEqual(settings.signIn, {
      kind: 'own',
      authorizationEndpoint: `${server.url}/oauth/authorize`,
      tokenBy: 'exchangeAuthorizationCode',
    });
    assert.equal(settings.clientId, 'claimgate-explorer');
    assert.equal(settings.endpoint, '/graphql');
    assert.equal(settings.introspection, 'open');
    assert.ok(settings.scopes.some(({ name }) => name === 'profile'));
    for (const [, attributes = ''] of html.matchAll(/<script([^>]*)>/g)) {
      assert.match(attributes, / src="\/explorer\/assets\/|type="application\/json"/);
    }
    for (const [, address = ''] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
      assert.match(address, /^\/explorer\/assets\/|^data:,$/);
    }
  });

  it('says without scripts what it is, and how to use curl', () => {
    const [, text = ''] = /<noscript>([^]*?)<\/noscript>/.exec(html) ?? [];
    assert.match(text, /needs scripts/);
    assert.ok(text.includes(`curl ${server.url}/graphql`), text);
    assert.match(text, /npm run sign-in/);
  });

  it('sends each file compressed, once, for ever', async () => {
    const plain = await get(server.url, script);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(plain.headers['cross-origin-resource-policy'], 'same-origin');
    // The policy of the workers: they do not inherit that of the page.
    assert.equal(plain.headers['content-security-policy'], "default-src 'none'; script-src 'self'");
    assert.equal(plain.headers['x-content-type-options'], 'nosniff');
    assert.equal(plain.headers['vary'], 'Accept-Encoding');
    const tags = new Set([plain.headers['etag']]);
    for (const [accepted, coding, decompress] of [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
      ['*', 'br', brotliDecompressSync],
    ] as const) {
      const { headers, body } = await get(server.url, script, { 'accept-encoding': accepted });
      assert.equal(headers['content-encoding'], coding);
      assert.ok(body.length < plain.body.length / 2);
      assert.ok(decompress(body).equals(plain.body));
      tags.add(headers['etag']);
      const again = await get(server.url, script, {
        'accept-encoding': accepted,
        'if-none-match': `"other", W/${String(headers['etag'])}`,
      });
      assert.deepEqual([again.status, again.body.length], [304, 0]);
    }
    assert.equal(tags.size, 3);
    const head = await get(server.url, script, { 'accept-encoding': 'identity' }, 'HEAD');
    assert.deepEqual(
      [head.status, head.headers['content-length'], head.body.length],
      [200, String(plain.body.length), 0],
    );
  });

  for (const path of [
    'nothing.js',
    '',
    'app-AAAAAAAA.js',
    '../main.tsx',
    '..%2fmain.tsx',
    '%2e%2e/%2e%2e/package.json',
    '..%5c..%5cpackage.json',
    '%2fetc%2fpasswd',
    'assets.json',
    'app.js%00',
    '__proto__',
    'constructor',
  ]) {
    it(`has no file ${path}`, async () => {
      const { status, headers, body } = await get(server.url, `/explorer/assets/${path}`);
      assert.ok(status === 404 || status === 400, String(status));
      assert.match(String(headers['content-type']), /json/);
      assert.doesNotMatch(body.toString(), /import|root:|devDependencies/);
      assert.equal(headers['cache-control'], 'no-store');
    });
  }

  it('has the security headers on every answer: also on refusals, redirects and unknown addresses', async () => {
    for (const [path, headers, method] of [
      ['/explorer', {}, 'GET'],
      ['/explorer', {}, 'HEAD'],
      ['/explorer', {}, 'POST'],
      ['/explorer%', {}, 'GET'],
      ['/explorer/callback?code=%', {}, 'GET'],
      ['/explorer/callback/', {}, 'GET'],
      ['/explorer/assets/', {}, 'GET'],
      ['/', {}, 'GET'],
      ['/graphql', { accept: 'text/html' }, 'GET'],
      ['/graphql', { accept: 'text/html' }, 'HEAD'],
      ['/graphql?query=%7B__typename%7D', { accept: 'text/html', 'sec-fetch-site': 'cross-site' }, 'GET'],
      ['/graphql?query=%7B__typename%7D', { accept: '*/*', 'sec-fetch-site': 'cross-site' }, 'GET'],
    ] as const) {
      const { headers: answered } = await get(server.url, path, headers, method);
      const name = `${method} ${path}`;
      assert.match(String(answered['content-security-policy']), /frame-ancestors 'none'/, name);
      assert.equal(answered['x-frame-options'], 'DENY', name);
      assert.equal(answered['x-content-type-options'], 'nosniff', name);
      assert.equal(answered['referrer-policy'], 'same-origin', name);
      assert.equal(answered['cache-control'], 'no-store', name);
      const isPage = String(answered['content-type']).startsWith('text/html');
      assert.equal(answered['cross-origin-opener-policy'], isPage ? 'same-origin' : undefined, name);
    }
  });

  it('has a page for the answer of a sign-in, with one script and a policy that lets it call nothing', async () => {
    const answer = await fetch(`${server.url}/explorer/callback?code=C0DE&state=STATE`);
    const page = await answer.text();
    assert.equal(answer.status, 200);
    assert.doesNotMatch(page, /C0DE|STATE/);
    assert.equal([...page.matchAll(/<script/g)].length, 1);
    assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /connect-src|unsafe/);
    assert.match(answer.headers.get('content-security-policy') ?? '', /require-trusted-types-for 'script'/);
    assert.equal(answer.headers.get('referrer-policy'), 'same-origin');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.doesNotMatch(server.output(), /C0DE|STATE/);
  });

  it('leads a lost client to its path', async () => {
    const { errors } = (await (await fetch(`${server.url}/explorer/`)).json()) as { errors: { message: string }[] };
    assert.match(errors[0]?.message ?? '', /expected \/explorer/);
  });
});

describe('a server behind a name', () => {
  const publicUrl = 'https://api.example.com';
  const pages = { accept: 'text/html' };

  it('leads a browser at /graphql to the explorer, and signs in at a foreign issuer by its connection', async () => {
    const issuer = 'https://login.example.com';
    const server = await startTestServer({
      env: {
        CLAIMGATE_PUBLIC_URL: publicUrl,
        CLAIMGATE_ISSUER: issuer,
        CLAIMGATE_CLIENT_ID: 'api',
        CLAIMGATE_CLIENT_SECRET: 'the secret of the connection',
        CLAIMGATE_REDIRECT_URIS: `https://app.example.com/callback ${publicUrl}/explorer/callback`,
      },
    });
    try {
      const landing = await fetch(`${server.own}/graphql`, { headers: pages, redirect: 'manual' });
      assert.deepEqual([landing.status, landing.headers.get('location')], [302, '/explorer']);
      const html = await (await fetch(`${server.own}/explorer`)).text();
      const settings = settingsOf(html);
      assert.deepEqual(settings.signIn, { kind: 'connection', connection: 'default' });
      assert.equal(settings.signInFault, null);
      assert.equal(settings.publicUrl, publicUrl);
      assert.doesNotMatch(html, /the secret of the connection/);
    } finally {
      await server.dispose();
    }
  });

  it('says why it cannot sign in if no connection returns codes to the explorer', async () => {
    const server = await startTestServer({
      env: { CLAIMGATE_PUBLIC_URL: publicUrl, CLAIMGATE_ISSUER: 'https://login.example.com' },
    });
    try {
      const settings = settingsOf(await (await fetch(`${server.own}/explorer`)).text());
      assert.equal(settings.signIn, null);
      assert.match(settings.signInFault ?? '', /https:\/\/api\.example\.com\/explorer\/callback/);
    } finally {
      await server.dispose();
    }
  });

  it('has a plain page at /graphql, and no explorer, with explorer=false', async () => {
    const server = await startTestServer({
      env: { CLAIMGATE_PUBLIC_URL: publicUrl },
      config: 'export default { explorer: false };\n',
    });
    try {
      const landing = await fetch(`${server.own}/graphql`, { headers: pages, redirect: 'manual' });
      assert.equal(landing.status, 200);
      assert.match(await landing.text(), /This is the API endpoint/);
      assert.equal((await fetch(`${server.own}/explorer`)).status, 404);
    } finally {
      await server.dispose();
    }
  });
});

describe('the routes of the explorer', () => {
  const settings: Settings = {
    publicUrl: 'http://localhost:4000',
    endpoint: '/graphql',
    clientId: 'claimgate-explorer',
    signIn: null,
    signInFault: 'No. </script><script>alert(1)</script>',
    scopes: [{ name: 'a', description: '<!-- </SCRIPT> -->' }],
    introspection: 'open',
    sensitiveInputs: null,
    productName: 'Claimgate',
    directiveNames: { auth: 'auth', public: 'public', sensitive: 'sensitive' },
    explorer: true,
  };

  it('have the name of the product in their titles, as text', async () => {
    const app = fastify();
    const entry = { script: 'x-1.js', style: null, imports: [] };
    const entries = { app: entry, activity: entry, callback: entry, sandbox: entry };
    const productName = '<Shop> & "Co"';
    const routes = explorerRoutes({
      settings: { ...settings, productName },
      firstDocument: '{ __typename }',
      onFault: (error) => assert.fail(String(error)),
      load: async () => ({ entries, files: new Map() }),
    });
    routes.mount(app);
    app.get('/sandbox', (_request, reply) => routes.sandbox(reply));
    app.get('/plain', (_request, reply) => plainLandingPage(productName)(reply));
    for (const [url, name] of Object.entries({
      '/explorer': 'Explorer',
      '/explorer/activity': 'Activity',
      '/explorer/callback': 'Sign-in',
      '/sandbox': 'Apollo Sandbox',
      '/plain': 'GraphQL API',
    })) {
      const { body } = await app.inject(url);
      const [, title = ''] = /<title>([^<]*)<\/title>/.exec(body) ?? [];
      const text = title
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
      assert.equal(text, `${name} · ${productName}`, url);
    }
    await app.close();
  });

  it('say what to do if the files cannot be bundled, try again later, and then work without a restart', async () => {
    const faults: unknown[] = [];
    let now = 0;
    let installed = false;
    const app = fastify();
    explorerRoutes({
      settings,
      firstDocument: '{ __typename }',
      onFault: (error) => faults.push(error),
      now: () => now,
      load: async () => {
        if (!installed) throw new Error('Cannot find package esbuild');
        return {
          entries: { app: { script: 'app-1.js', style: null, imports: ['chunk-2.js'] } },
          files: new Map([['app-1.js', Buffer.from('1')]]),
        };
      },
    }).mount(app);
    const visit = () => app.inject({ url: '/explorer' });
    const broken = await visit();
    assert.equal(broken.statusCode, 503);
    assert.equal(broken.headers['retry-after'], '10');
    assert.match(broken.body, /could not be built/);
    assert.match(broken.body, /npm install --include=dev/);
    assert.match(broken.body, /curl http:\/\/localhost:4000\/graphql/);
    assert.match(String(broken.headers['content-security-policy']), /default-src 'none'/);
    assert.equal((await app.inject({ url: '/explorer/assets/app-1.js' })).statusCode, 404);
    installed = true;
    now = 9_999;
    assert.equal((await visit()).statusCode, 503);
    assert.equal(faults.length, 1);
    now = 10_000;
    const mended = await visit();
    assert.equal(mended.statusCode, 200);
    assert.match(mended.body, /modulepreload" href="\/explorer\/assets\/chunk-2\.js"/);
    assert.equal((await app.inject({ url: '/explorer/assets/app-1.js' })).body, '1');
    // No text of the settings leaves its element.
    assert.equal([...mended.body.matchAll(/<script/gi)].length, 3);
    assert.deepEqual(settingsOf(mended.body), settings);
    await app.close();
  });
});
