import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { consentPage, type Origin } from '../../../src/provider/pages/consent.ts';
import { createFrame } from '../../../src/provider/pages/frame.ts';
import { logoHandler } from '../../../src/provider/pages/logo.ts';
import { sendPage } from '../../../src/provider/pages/page.ts';
import { signInPage } from '../../../src/provider/pages/sign-in.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const logo = { type: 'image/svg+xml', content: Buffer.from(svg) } as const;
const appearance = {
  productName: '<i>Ordnung</i> & "Söhne"',
  logo,
  accentColor: { light: '#0b6e4f' },
  supportLink: 'https://ordnung.example/help?a=1&b="2"',
};
const escapedName = '&#60;i&#62;Ordnung&#60;/i&#62; &#38; &#34;Söhne&#34;';

describe('the pages with the appearance of an operator', () => {
  const frame = createFrame(appearance);
  const common = { path: '/interaction/x', formToken: 'token', formTarget: 'https://app.example' };
  const consent = (origin: Origin, isRemembered: boolean) =>
    consentPage({
      ...common,
      productName: frame.productName,
      application: { article: '', name: 'Shop' },
      origin,
      destination: 'app.example',
      seen: 'seen',
      email: 'ada@example.com',
      granted: [{ name: 'bills:read', description: 'Read your bills', api: 'https://billing.example/' }],
      allowed: [],
      withheld: [],
      isRemembered,
    });
  const answers: Parameters<typeof createServer>[1] = (request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/appearance/logo')) return logoHandler(logo)(request, response);
    const [, origin = '', remembered] = path.split('/');
    if (origin !== 'sign-in') return sendPage(response, frame, consent(origin as Origin, remembered === 'remembered'));
    const destination = { article: 'the ', name: `${frame.productName} explorer` };
    return sendPage(response, frame, signInPage({ ...common, destination, frame }));
  };
  const server = createServer(answers);
  let url: string;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it('has the name in the title and in the header, the support link and the colour, all as text', async () => {
    const response = await fetch(`${url}/sign-in`);
    const html = await response.text();
    assert.ok(html.includes(`<title>Sign in · ${escapedName}</title>`));
    assert.ok(html.includes(`<bdi>${escapedName}</bdi>`));
    assert.ok(html.includes(`to go on to <strong>the ${escapedName} explorer</strong>`));
    assert.ok(
      html.includes('href="https://ordnung.example/help?a=1&#38;b=&#34;2&#34;" rel="noreferrer">ordnung.example<'),
    );
    assert.match(html, /--accent: light-dark\(#0b6e4f, #8ab4ff\);/);
    assert.match(response.headers.get('content-security-policy') ?? '', /; img-src 'self';/);
  });

  it('loads the logo as a picture from the own origin, with another address after each change', async () => {
    const html = await (await fetch(`${url}/sign-in`)).text();
    const [, address = ''] = /<img src="([^"]+)" alt="">/.exec(html) ?? [];
    assert.match(address, /^\/appearance\/logo\?v=[\da-f]{12}$/);
    const changed = createFrame({ ...appearance, logo: { ...logo, content: Buffer.from(`${svg} `) } });
    assert.ok(!changed.header.text.includes(address));
    const response = await fetch(url + address);
    assert.equal(await response.text(), svg);
    const headers = Object.fromEntries(response.headers);
    assert.equal(headers['content-type'], 'image/svg+xml');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'; .*; sandbox$/);
    const head = await fetch(url + address, { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(svg.length));
    const post = await fetch(url + address, { method: 'POST', body: 'x' });
    assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD']);
  });

  it('has no picture and no source for pictures without a logo', () => {
    const plain = createFrame({ ...appearance, logo: null });
    assert.doesNotMatch(plain.header.text + plain.head.text, /<img|rel="icon"/);
    assert.doesNotMatch(plain.policy, /img-src/);
  });

  it('says where an application comes from, which API a scope is for, and how long the answer lasts', async () => {
    const words = async (path: string) => (await (await fetch(url + path)).text()).replaceAll(/\s+/g, ' ');
    const said = {
      '/command-line': `It comes with ${escapedName}. Allow it only if you have just run <code>claimgate sign-in</code>`,
      '/explorer': `It comes with ${escapedName}: a page on which you try the API.`,
      '/account': `It does not come with ${escapedName}. A person with an account here registered it.`,
      '/itself': 'This application registered itself: nobody here has looked at it',
    };
    for (const [path, text] of Object.entries(said)) {
      const html = await words(path);
      for (const [other, otherText] of Object.entries(said)) assert.equal(html.includes(otherText), other === path);
      assert.ok(html.includes(text));
      assert.ok(
        html.includes('Read your bills <code>bills:read</code><span class="quiet">in https://billing.example/'),
      );
      assert.ok(html.includes('<dt>Answer goes to</dt><dd>app.example</dd>'));
      assert.ok(html.includes('You are asked again at each sign-in.'));
    }
    assert.ok((await words('/account/remembered')).includes('You are not asked for this again.'));
  });
});
