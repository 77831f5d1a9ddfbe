import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Frame, Page } from 'playwright-core';
import { until } from '../../support/process.ts';
import { dose } from '../../support/dose.ts';
import { admin, startTestServer, type TestServer } from '../../support/server.ts';
import { axeFindings } from '../axe.ts';
import { mapHosts, skip, withBrowser } from '../chromium.ts';
import { passWindow, signInByWindow } from '../sign-in-window.ts';
import { frameHost, startStub, strangerHost } from './sandbox-stub.ts';

/** The folder for screenshots. Default: no screenshots. */
const screenshots = process.env.SCREENSHOTS;

const config = `export default {
  modules: [{
    name: 'ticker',
    typeDefs: 'type Subscription { ticks: Int @auth }',
    resolvers: { Subscription: { ticks: {
      subscribe: async function* () {
        for (let n = 0; n < 1_000; n++) {
          yield n;
          await new Promise((done) => setTimeout(done, 20));
        }
      },
      resolve: (n) => n,
    } } },
  }],
  scopes: { hostile: { description: '</script><script>document.title="x"</script><img src=x onerror=alert(1)>' } },
};`;

/** A message that the stub received. */
interface Received {
  readonly data: Readonly<Record<string, any>>;
  readonly origin: string;
}

/** A page of the server, and what happened in it. */
interface Opened {
  readonly page: Page;
  /** Messages of the console, and violations of the policy. */
  readonly faults: string[];
  /** Requests to the API of the page itself. */
  readonly requests: { readonly url: string; readonly authorization: string | undefined }[];
}

describe('the page of Apollo Sandbox in a browser, with a stub in the place of its frame', { skip }, () => {
  let server: TestServer;
  let stub: Awaited<ReturnType<typeof startStub>>;
  before(async () => {
    stub = await startStub();
    mapHosts({ [`${frameHost}:443`]: stub.port, [`${strangerHost}:443`]: stub.port });
    server = await startTestServer({ config });
  });
  after(async () => {
    stub.close();
    await server.dispose();
  });

  const options = { ignoreHTTPSErrors: true } as const;

  async function open(browser: BrowserContext, path = '/graphql'): Promise<Opened> {
    const faults: string[] = [];
    const requests: { url: string; authorization: string | undefined }[] = [];
    const page = await browser.newPage();
    page.on('console', (message) => {
      // The package asks for an icon of the page.
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      if (request.method() !== 'POST') return;
      requests.push({ url: request.url(), authorization: request.headers()['authorization'] });
    });
    await page.goto(server.url + path);
    return { page, faults, requests };
  }

  async function frameOf(page: Page): Promise<Frame> {
    await page.locator('iframe').waitFor();
    await until(() => page.frames().some((frame) => frame.url().startsWith(`https://${frameHost}/`)));
    const frame = page.frames().find((one) => one.url().startsWith(`https://${frameHost}/`));
    assert.ok(frame);
    await until(async () => (await received(frame)).some(({ data }) => data['name'] === 'HandshakeResponse'));
    return frame;
  }

  function received(frame: Frame): Promise<Received[]> {
    return frame.evaluate(() => (globalThis as unknown as { received: Received[] }).received);
  }

  async function send(frame: Frame, message: unknown): Promise<void> {
    await frame.evaluate((data) => (globalThis as any).parent.postMessage(data, '*'), message);
  }

  /** Returns the answer to an operation. */
  async function answered(frame: Frame, operationId: string): Promise<Received['data']> {
    const find = async () => (await received(frame)).find(({ data }) => data['operationId'] === operationId);
    await until(async () => (await find()) !== undefined);
    return (await find())?.data ?? {};
  }

  const operation = (operationId: string, document: string, changes: Record<string, unknown> = {}) => ({
    name: 'ExplorerRequest',
    operationId,
    operation: document,
    headers: { 'content-type': 'application/json' },
    endpointUrl: `${server.url}/graphql`,
    ...changes,
  });

  /** Signs in as the administrator in the window that the page opens. */
  async function signIn(browser: BrowserContext, page: Page): Promise<void> {
    await allow(browser, page);
    await page.getByText('Signed in as').waitFor();
  }

  async function allow(browser: BrowserContext, page: Page): Promise<void> {
    await signInByWindow(browser, () => page.getByRole('button', { name: 'Sign in', exact: true }).click());
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: join(screenshots, `sandbox-${name}.png`) });
  }

  it('gives the frame the addresses and a first document that the server answers, and no header', async () => {
    await withBrowser(options, async (browser) => {
      const { page, faults } = await open(browser, '/graphql?query={zebra}#giraffe');
      const frame = await frameOf(page);
      const parameters = new URL(frame.url()).searchParams;
      assert.equal(parameters.get('endpoint'), `${server.url}/graphql`);
      assert.equal(parameters.get('subscriptionEndpoint'), `${server.url.replace('http', 'ws')}/graphql`);
      assert.equal(parameters.get('runTelemetry'), 'false');
      assert.equal(parameters.get('shouldDefaultAutoupdateSchema'), 'false');
      assert.equal(parameters.get('defaultIncludeCookies'), 'false');
      for (const name of ['sharedHeaders', 'defaultHeaders', 'runtime']) assert.equal(parameters.get(name), null);

      const document = decodeURIComponent(parameters.get('defaultDocument') ?? '');
      await send(frame, operation('1', document, { operationName: 'Scopes' }));
      assert.ok((await answered(frame, '1'))['response'].data.scopes.length > 5);
      await send(frame, operation('2', document, { operationName: 'Caller' }));
      assert.equal((await answered(frame, '2'))['response'].errors[0].extensions.code, 'UNAUTHENTICATED');
      await send(frame, {
        name: 'IntrospectionQueryWithHeaders',
        operationId: '3',
        introspectionRequestBody: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
        introspectionRequestHeaders: {},
        sandboxEndpointUrl: `${server.url}/graphql`,
      });
      assert.equal((await answered(frame, '3'))['schema'].__schema.queryType.name, 'Query');

      const handshake = (await received(frame)).find(({ data }) => data['name'] === 'HandshakeResponse');
      assert.equal(handshake?.data['parentHref'], `${server.url}/graphql`);
      assert.doesNotMatch(JSON.stringify(await received(frame)), /zebra|giraffe/);
      assert.deepEqual(faults, ['Failed to load resource: the server responded with a status of 401 (Unauthorized)']);
    });
  });

  it('adds the token of the signed-in caller to requests, and puts it nowhere else', async () => {
    await withBrowser(options, async (browser) => {
      const { page, faults, requests } = await open(browser);
      const frame = await frameOf(page);
      await page.getByText('Not signed in').waitFor();
      await signIn(browser, page);
      await page.getByText(admin.email).waitFor();
      await send(frame, operation('1', '{ viewer { subject scopes } }'));
      assert.deepEqual((await answered(frame, '1'))['response'].data.viewer.scopes, ['profile']);

      await send(frame, {
        name: 'ExplorerSubscriptionRequest',
        operationId: 's',
        operation: 'subscription { ticks }',
        subscriptionUrl: `${server.url.replace('http', 'ws')}/graphql`,
        protocol: 'graphql-ws',
        httpMultipartParams: {},
      });
      assert.deepEqual((await answered(frame, 's'))['response'], { data: { data: { ticks: 0 } } });
      await send(frame, { name: 'ExplorerSubscriptionTermination', operationId: 's' });
      const ended = ({ data }: Received) => data['status'] === 'disconnected';
      await until(async () => (await received(frame)).some(ended));

      const token = requests.find(({ authorization }) => authorization !== undefined)?.authorization?.slice(7) ?? '';
      assert.ok(token.length > 100);
      const stored = await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, history.state])');
      const seen = JSON.stringify([await received(frame), frame.url(), page.url(), stored, await page.content()]);
      for (const part of token.split('.')) assert.ok(!seen.includes(part), 'a part of the token was seen');
      await shoot(page, 'signed-in-desktop-light');

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Not signed in').waitFor();
      await send(frame, operation('2', '{ viewer { subject } }'));
      assert.equal((await answered(frame, '2'))['response'].errors[0].extensions.code, 'UNAUTHENTICATED');
      assert.equal(requests.at(-1)?.authorization, undefined);
      assert.deepEqual(
        faults.filter((fault) => !fault.includes('401')),
        [],
      );
    });
  });

  it('sends a header Authorization that a person typed in Sandbox, and says that it takes precedence', async () => {
    await withBrowser(options, async (browser) => {
      const { page, requests } = await open(browser);
      const frame = await frameOf(page);
      await signIn(browser, page);
      await send(
        frame,
        operation('1', '{ viewer { subject } }', { headers: { Authorization: 'Bearer typed', 'x-a': '1' } }),
      );
      assert.equal((await answered(frame, '1'))['response'].errors[0].extensions.code, 'INVALID_TOKEN');
      assert.equal(requests.at(-1)?.authorization, 'Bearer typed');
      await page.getByText('It takes precedence').waitFor();
      await send(frame, operation('2', '{ viewer { subject } }', { headers: { 'x-tenant': 'acme' } }));
      await page.getByText('x-tenant').waitFor();
      assert.ok((await answered(frame, '2'))['response'].data);
    });
  });

  it('carries out no hostile message', async () => {
    await withBrowser(options, async (browser) => {
      const { page, faults, requests } = await open(browser);
      const frame = await frameOf(page);
      await signIn(browser, page);
      const before = requests.length;
      const windows = browser.pages().length;
      const elsewhere = `https://${strangerHost}/graphql`;
      const hostile: readonly Record<string, unknown>[] = [
        operation('h1', '{ a }', { endpointUrl: elsewhere }),
        operation('h2', '{ a }', { endpointUrl: `${server.url}/oauth/token` }),
        operation('h3', '{ a }', { endpointUrl: `${server.url}/graphql?query={a}` }),
        operation('h4', 'x'.repeat(1_000_001)),
        operation('h5', '{ a }', {
          fileVariables: [{ variableKey: 'f', files: [{ fileName: 'a' }], isMultiFile: false }],
        }),
        operation('h6', '', {}),
        {
          name: 'IntrospectionQueryWithHeaders',
          operationId: 'h7',
          introspectionRequestBody: '{"query":"{ a }"}',
          sandboxEndpointUrl: elsewhere,
        },
        {
          name: 'ExplorerSubscriptionRequest',
          operationId: 'h8',
          operation: 'subscription { ticks }',
          subscriptionUrl: `wss://${strangerHost}/`,
          protocol: 'graphql-ws',
        },
        {
          name: 'ExplorerSubscriptionRequest',
          operationId: 'h9',
          operation: 'subscription { ticks }',
          subscriptionUrl: `${server.url}/graphql`,
          protocol: 'http-multipart',
          httpMultipartParams: { includeCookies: true },
        },
        { name: 'SetPartialAuthenticationTokenForParent', localStorageKey: 'k', partialToken: 'planted' },
        { name: 'TriggerLogoutInParent', localStorageKey: 'k' },
        { name: 'PreflightOAuthRequest', oauthUrl: 'javascript:document.title="hostile"' },
        { name: 'PreflightOAuthRequest', oauthUrl: elsewhere },
      ];
      for (const message of hostile) await send(frame, message);
      // A window of the same origin that is not the frame, and a frame of another origin inside it.
      const stolen = operation('h10', '{ viewer { subject } }');
      const fragment = encodeURIComponent(JSON.stringify(stolen));
      await frame.evaluate(
        ([host, hash]) => {
          const { document } = globalThis as any;
          const inner = document.createElement('iframe');
          inner.src = `https://${host}/sender#${hash}`;
          document.body.append(inner);
        },
        [strangerHost, fragment],
      );
      await frame.evaluate(
        ([host, hash]) => {
          const { document } = globalThis as any;
          const inner = document.createElement('iframe');
          inner.src = `https://${host}/sender#${hash}`;
          document.body.append(inner);
        },
        [frameHost, fragment],
      );
      await until(() => page.frames().filter((one) => one.url().includes('/sender')).length === 2);
      await page.waitForTimeout(500);
      // This page works on, and the hostile messages have caused nothing.
      await send(frame, operation('good', '{ viewer { subject } }'));
      assert.ok((await answered(frame, 'good'))['response'].data.viewer.subject);
      assert.equal(requests.length, before + 1);
      assert.equal(browser.pages().length, windows);
      assert.equal(await page.title(), 'Apollo Sandbox · Claimgate');
      assert.equal(await page.evaluate("localStorage.getItem('apolloStudioEmbeddedExplorerEncodedApiKey')"), null);
      const all = await received(frame);
      for (const { data } of all.filter(({ data }) => String(data['operationId']).startsWith('h'))) {
        assert.ok(data['error'] ?? data['response']?.error, JSON.stringify(data));
        assert.doesNotMatch(JSON.stringify(data), /"viewer"|stranger/);
      }
      assert.ok(!all.some(({ data }) => data['operationId'] === 'h10'));
      assert.deepEqual(faults, []);
    });
  });

  it('does not sign in with the scopes of a sign-in in the explorer, because the frame would get them too', async () => {
    await withBrowser(options, async (browser) => {
      const explorer = await open(browser, '/explorer');
      await allow(browser, explorer.page);
      await explorer.page.getByText(admin.email).first().waitFor();

      const { page } = await open(browser);
      const silent: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('prompt=none')) silent.push(request.url());
      });
      await page.reload();
      await frameOf(page);
      await page.getByText('Not signed in').waitFor();
      assert.deepEqual(silent, []);
    });
  });

  it('is signed in again after a reload, without a window', async () => {
    await withBrowser(options, async (browser) => {
      const { page } = await open(browser);
      await frameOf(page);
      await signIn(browser, page);
      await page.reload();
      await page.getByText('Signed in as').waitFor();
      assert.equal(browser.pages().length, 1);
    });
  });

  it('says why a sign-in was refused, and works on without it', async () => {
    await withBrowser(options, async (browser) => {
      const { page, faults } = await open(browser);
      const frame = await frameOf(page);
      const opening = browser.waitForEvent('page');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      const window = await opening;
      await page.getByRole('link', { name: 'Open the sign-in window' }).waitFor();
      await passWindow(window, { decision: 'Deny' });
      await page.getByRole('status').filter({ hasText: 'access_denied' }).waitFor();
      await page.getByText('Not signed in').waitFor();
      await send(frame, operation('1', '{ scopes { name } }'));
      assert.ok((await answered(frame, '1'))['response'].data.scopes);
      assert.deepEqual(faults, []);
    });
  });

  it('leads to the public address for a sign-in if it was opened under another name', async () => {
    await withBrowser(options, async (browser) => {
      const page = await browser.newPage();
      const own = server.url.replace('localhost', '127.0.0.1');
      await page.goto(`${own}/graphql`);
      const link = page.getByRole('link', { name: `Sign in at ${server.url}` });
      assert.equal(await link.getAttribute('href'), `${server.url}/graphql`);
      const frame = await frameOf(page);
      await send(frame, operation('1', '{ scopes { name } }', { endpointUrl: `${own}/graphql` }));
      assert.ok((await answered(frame, '1'))['response'].data.scopes);
    });
  });

  const windows = [
    ['desktop', 'light', { width: 1280, height: 800 }],
    ['phone', 'dark', { width: 360, height: 640 }],
    // Only the screenshots of these two differ from those above.
    ['desktop', 'dark', { width: 1280, height: 800 }],
    ['phone', 'light', { width: 360, height: 640 }],
  ] as const;
  const shown = screenshots ? windows : windows.slice(0, dose('browser/explorer/sandbox.test.ts'));
  for (const [name, colorScheme, viewport] of shown) {
    it(`leads on at once if the frame is not reachable, and shows it when it is again (${name}, ${colorScheme})`, async () => {
      await withBrowser({ ...options, colorScheme, viewport }, async (browser) => {
        const blocked = `https://${frameHost}/**`;
        await browser.route(blocked, (route) => route.abort('namenotresolved'));
        const { page } = await open(browser);
        await page.getByRole('heading', { name: 'Apollo Sandbox is not reachable' }).waitFor({ timeout: 10_000 });
        await page.getByText('npm run sign-in').waitFor();
        assert.equal(await page.getByRole('link', { name: 'Open the explorer' }).getAttribute('href'), '/explorer');
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(width <= viewport.width, `${width}`);
        assert.deepEqual(await axeFindings(page, { iframes: false }), []);
        await shoot(page, `unreachable-${name}-${colorScheme}`);

        await browser.unroute(blocked);
        await page.getByRole('button', { name: 'Try again' }).click();
        await frameOf(page);
        await page.getByRole('heading', { name: 'Apollo Sandbox is not reachable' }).waitFor({ state: 'hidden' });
        await page.locator('summary').click();
        await page.getByText('<img src=x onerror=alert(1)>').waitFor();
        assert.equal(await page.title(), 'Apollo Sandbox · Claimgate');
        assert.deepEqual(await axeFindings(page, { iframes: false }), []);
        await shoot(page, `frame-${name}-${colorScheme}`);
      });
    });
  }

  it('says at once that the browser is offline', async () => {
    await withBrowser(options, async (browser) => {
      const { page } = await open(browser);
      await frameOf(page);
      await browser.setOffline(true);
      await page.evaluate("document.querySelector('.unreachable button').click()");
      await page.getByText('This browser has no network connection.').waitFor();
      await browser.setOffline(false);
      await frameOf(page);
    });
  });

  it('says what to do with curl if scripts are off', async () => {
    await withBrowser({ ...options, javaScriptEnabled: false }, async (browser) => {
      const page = await browser.newPage();
      await page.goto(`${server.url}/graphql`);
      const text = await page.locator('body').innerText();
      assert.match(text, /Apollo Sandbox needs scripts/);
      assert.match(text, /curl .*\/graphql/);
      await shoot(page, 'without-scripts');
    });
  });
});
