import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BrowserContext, Page } from 'playwright-core';

/** The secrets that a browser had, and every place of its windows where one could be seen. */
export interface Watch {
  /** Access, refresh and ID tokens, codes and code verifiers. The values say which. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The codes that were exchanged, each with its verifier. */
  readonly exchanges: readonly { readonly code: string; readonly codeVerifier: string }[];
  /** All addresses of windows, frames and requests, and all texts of the consoles. */
  readonly seen: ReadonlySet<string>;
  /** Addresses that were requested from another origin. */
  readonly foreign: readonly string[];
}

/** The address to which the authorization server returns. Its code is spent at once. */
export function isCallback(address: string): boolean {
  return new URL(address, 'http://localhost').pathname === '/explorer/callback';
}

/** Watches all windows of a browser. Call it before the first page. */
export function watch(browser: BrowserContext, origin: string): Watch {
  const secrets = new Map<string, string>();
  const seen = new Set<string>();
  const foreign: string[] = [];
  const exchanges: { code: string; codeVerifier: string }[] = [];
  const collect = (text: string): void => {
    for (const [, name = '', value = ''] of text.matchAll(
      /"(accessToken|refreshToken|idToken|code|codeVerifier)":"([^"]+)"/g,
    )) {
      // The code of an error is a name.
      if (!/^[A-Z_]+$/.test(value)) secrets.set(value, name);
    }
  };
  const address = (text: string): void => {
    const url = new URL(text);
    if (!['data:', 'blob:', 'about:'].includes(url.protocol) && url.host !== new URL(origin).host) foreign.push(text);
    seen.add(text);
    const code = url.searchParams.get('code');
    if (code) secrets.set(code, 'code');
  };
  browser.on('request', (request) => {
    address(request.url());
    const body = request.postData() ?? '';
    collect(body);
    const [code, codeVerifier] = ['code', 'codeVerifier'].map((name) => body.match(`"${name}":"([^"]+)"`)?.[1]);
    if (code && codeVerifier) exchanges.push({ code, codeVerifier });
  });
  browser.on('response', (response) => {
    // Only these answers have tokens. The body of a redirect is not available.
    if (new URL(response.url()).pathname === '/graphql') response.text().then(collect, () => {});
  });
  const watchPage = (page: Page): void => {
    page.on('framenavigated', (frame) => address(frame.url()));
    page.on('console', (message) => seen.add(message.text()));
    page.on('pageerror', (error) => seen.add(String(error)));
    page.on('websocket', (socket) => {
      address(socket.url());
      socket.on('framesent', ({ payload }) => {
        for (const [token] of String(payload).matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) secrets.set(token, 'accessToken');
      });
    });
  };
  for (const page of browser.pages()) watchPage(page);
  browser.on('page', watchPage);
  return { secrets, exchanges, seen, foreign };
}

/** Returns what a page keeps and shows: its storage, its history, the addresses that it loaded, and its text. */
export async function keptBy(page: Page): Promise<string> {
  const kept = await page.evaluate<string>(`(async () => {
    const caches_ = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) caches_.push(url);
    }
    return JSON.stringify([
      { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), caches_, document.cookie, window.name,
      location.href, document.referrer, history.state, performance.getEntries().map(({ name }) => name),
      document.documentElement.outerHTML, [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
    ]);
  })()`);
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  await session.detach();
  return kept + JSON.stringify(entries);
}

/** Returns the secrets that a text has, each by its kind. */
export function secretsIn(text: string, secrets: Watch['secrets']): readonly string[] {
  return [...secrets].filter(([secret]) => text.includes(secret)).map(([, kind]) => kind);
}

/** A secret in a file of a profile. */
export interface Finding {
  readonly kind: string;
  readonly file: string;
}

/** Searches the files of a browser's profile for secrets, as text of one and of two bytes. */
export function findInProfile(folder: string, secrets: Watch['secrets']): { files: number; findings: Finding[] } {
  const findings: Finding[] = [];
  let files = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    const file = join(entry.parentPath, entry.name);
    const content = readFileSync(file);
    for (const [secret, kind] of secrets) {
      if (content.includes(secret) || content.includes(Buffer.from(secret, 'utf16le'))) {
        findings.push({ kind, file: file.slice(folder.length + 1) });
      }
    }
  }
  return { files, findings };
}

/** Returns the addresses in the history database of a profile. */
export function historyOf(folder: string): readonly string[] {
  const database = new DatabaseSync(join(folder, 'Default/History'), { readOnly: true });
  try {
    return database
      .prepare('SELECT url FROM urls')
      .all()
      .map(({ url }) => String(url));
  } finally {
    database.close();
  }
}
