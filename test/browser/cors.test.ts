import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { freePort } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { skip, withBrowser } from './chromium.ts';

/** Serves an empty page at another origin. */
async function servePage(port: number): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A client</title>');
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

/** The options that a script passes to `fetch`. */
interface Init {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly credentials?: 'include';
}

/** Runs `fetch` in the page. Returns the answer, or `unreadable` if the browser hides it. */
function fetched(
  page: Page,
  url: string,
  init: Init,
): Promise<{ status: number; challenge: string | null } | 'unreadable'> {
  return page.evaluate(
    async ([url, init]) => {
      try {
        const response = await fetch(url, init);
        await response.text();
        return { status: response.status, challenge: response.headers.get('www-authenticate') };
      } catch {
        return 'unreadable' as const;
      }
    },
    [url, init] as const,
  );
}

function opened(page: Page, url: string): Promise<'open' | 'refused'> {
  return page.evaluate(async (url) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    return new Promise<'open' | 'refused'>((resolve) => {
      socket.addEventListener('open', () => resolve('open'));
      socket.addEventListener('error', () => resolve('refused'));
    });
  }, url);
}

const json = { 'content-type': 'application/json' };
const graphql: Init = { method: 'POST', headers: json, body: JSON.stringify({ query: '{ __typename }' }) };
const guarded: Init = {
  method: 'POST',
  headers: { ...json, authorization: 'Bearer nonsense', dpop: 'x', 'x-apollo-operation-name': 'Me' },
  body: JSON.stringify({ query: '{ viewer { subject } }' }),
};
const events: Init = { ...graphql, headers: { ...json, accept: 'text/event-stream' } };
/** A form. Browsers let every page post a form without a preflight; they hide only the answer. */
const form = 'grant_type=refresh_token&client_id=nobody&refresh_token=x&token=x';
const posted: Init = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: form,
};

describe('a page of another origin in a browser', { skip }, () => {
  let server: TestServer;
  let pages: Server[];
  let friend: string;
  let stranger: string;

  before(async () => {
    const ports = [await freePort(), await freePort()] as const;
    [friend, stranger] = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
    pages = await Promise.all(ports.map(servePage));
    server = await startTestServer({ env: { CLAIMGATE_ALLOWED_ORIGINS: friend } });
  });
  after(async () => {
    for (const page of pages) page.close();
    await server.dispose();
  });

  const everywhere = [
    ['/graphql', graphql, 200],
    ['/graphql', events, 200],
    ['/oauth/token', posted, 401],
    ['/oauth/revoke', posted, 401],
    ['/oauth/jwks', {}, 200],
    ['/.well-known/openid-configuration', {}, 200],
    ['/.well-known/oauth-protected-resource/graphql', {}, 200],
  ] as const;

  it('can call and read every client endpoint if its origin is allowed', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      await page.goto(friend);
      for (const [path, init, status] of everywhere) {
        assert.deepEqual(await fetched(page, server.own + path, init), { status, challenge: null }, path);
      }
      const refused = await fetched(page, `${server.own}/graphql`, guarded);
      assert.match(refused === 'unreadable' ? refused : String(refused.challenge), /^Bearer .*error="/);
      assert.equal(await opened(page, `${server.own}/graphql`), 'open');
    });
  });

  it('cannot read a page of a sign-in from any origin', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      await page.goto(friend);
      for (const path of ['/oauth/authorize?client_id=claimgate', '/interaction/x']) {
        assert.equal(await fetched(page, server.own + path, { credentials: 'include' }), 'unreadable', path);
      }
    });
  });

  it('reads nothing if its origin is not allowed', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      await page.goto(stranger);
      for (const [path, init] of everywhere) {
        assert.equal(await fetched(page, server.own + path, init), 'unreadable', path);
      }
      assert.equal(await opened(page, `${server.own}/graphql`), 'refused');
    });
  });

  it('reads nothing from a sandboxed frame, whose origin is null', async () => {
    await withBrowser({}, async (browser) => {
      const page = await browser.newPage();
      await page.goto(friend);
      const url = JSON.stringify(`${server.own}/oauth/jwks`);
      const inFrame = `<script>fetch(${url}).then(() => 'read', () => 'unreadable').then((answer) => parent.postMessage(answer, '*'))</script>`;
      // The code is a string because it uses names that exist only in the browser.
      const answer = await page.evaluate(`new Promise((resolve) => {
        addEventListener('message', ({ data }) => resolve(data));
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.srcdoc = ${JSON.stringify(inFrame)};
        document.body.append(frame);
      })`);
      assert.equal(answer, 'unreadable');
    });
  });
});
