import type { Callers, Environment } from '../../src/explorer/client/session/caller.ts';
import { createCallers } from '../../src/explorer/client/session/callers.ts';
import { channelName } from '../../src/explorer/client/session/sign-in/response.ts';
import type { Settings, SignIn } from '../../src/explorer/client/settings.ts';
import { Person } from './person.ts';
import { type Account, admin } from './server.ts';

/** A clock that a test sets, with the timers that depend on it. */
export interface FakeClock {
  readonly now: () => number;
  readonly after: Environment['after'];
  /** Moves the time and runs the timers that are due. Timers do not run while the machine sleeps. */
  advance(ms: number, options?: { readonly asleep?: true }): void;
}

export function fakeClock(start: number = Date.now()): FakeClock {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms, { asleep } = {}) {
      const end = now + ms;
      while (!asleep) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}

/** The person at the sign-in window: what they do there. */
export interface AtWindow {
  readonly account?: Account;
  readonly decision?: 'allow' | 'deny';
  /** They close the window without an answer. */
  readonly closes?: true;
  /** They change the answer, as a page of an attacker could. */
  readonly answer?: (message: Record<string, string | null>) => Record<string, string | null>;
}

/** One page of the explorer in a browser, with the session library as the page has it. */
export interface ExplorerPage {
  readonly callers: Callers;
  /** The addresses of the windows that were opened. */
  readonly opened: string[];
  /** The requests to the API: the name of the operation, and the `Authorization` header. */
  readonly sent: { readonly operation: string; readonly authorization: string | null; readonly status: number }[];
  /** What the page remembers over a reload. */
  readonly memory: { text: string | null };
  /** Decides what the person does at the next windows. */
  at: AtWindow;
  /** Makes the next request to the API fail. */
  failNext: ((url: string, init: RequestInit) => Promise<Response>) | null;
}

export const explorerScopes = ['profile', 'applications', 'grants', 'accounts', 'audit', 'keys'];

/** Opens a page of the explorer. @param browser the cookies of the browser. Pages of one browser share them */
export function openExplorer(
  server: { readonly url: string },
  options: {
    readonly browser?: Person;
    readonly clock?: Pick<FakeClock, 'now' | 'after'>;
    readonly signIn?: SignIn;
    readonly memory?: { text: string | null };
    /** The prefix of the identity API. Default: none. */
    readonly prefix?: string;
    readonly visit?: (url: string, at: AtWindow) => Promise<URL>;
  } = {},
): ExplorerPage {
  const { browser = new Person(), memory = { text: null } } = options;
  const clock = options.clock ?? { now: Date.now, after: realTimer };
  const settings: Settings = {
    publicUrl: server.url,
    endpoint: '/graphql',
    clientId: 'claimgate-explorer',
    signIn: options.signIn ?? {
      kind: 'own',
      authorizationEndpoint: `${server.url}/oauth/authorize`,
      tokenBy: 'exchangeAuthorizationCode',
    },
    signInFault: null,
    scopes: explorerScopes.map((name) => ({ name, description: name })),
    introspection: 'open',
    sensitiveInputs: [],
    productName: 'Claimgate',
    directiveNames: { auth: 'auth', public: 'public', sensitive: 'sensitive' },
    audit: { prefix: options.prefix ?? '' },
    explorer: true,
  };
  const visit = options.visit ?? ((url, at) => signInAtWindow(browser, url, at));
  const page: ExplorerPage = {
    callers: undefined as unknown as Callers, // Set below: the library needs the page.
    opened: [],
    sent: [],
    memory,
    at: {},
    failNext: null,
  };
  const environment: Environment = {
    now: clock.now,
    after: clock.after,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    memory: {
      read: () => memory.text,
      write: (text) => {
        memory.text = text;
      },
    },
    open(url) {
      page.opened.push(url);
      const { at } = page;
      if (at.closes) return;
      visit(url, at).then(
        (reached) => post(reached, at),
        (error: unknown) => {
          const state = new URL(url).searchParams.get('state') ?? '';
          const failed = new URLSearchParams({
            state,
            iss: server.url,
            error: 'test',
            error_description: String(error),
          });
          post(new URL(`${server.url}/?${failed.toString()}`), at);
        },
      );
    },
    channel(name) {
      const channel = new BroadcastChannel(name);
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
        post: (message) => channel.postMessage(message),
        listen: (listener) => channel.addEventListener('message', (event) => listener((event as MessageEvent).data)),
        close: () => channel.close(),
      };
    },
    async fetch(url, init) {
      if (!url.startsWith(`${server.url}/graphql`)) return browse(browser, url, server.url);
      const { failNext } = page;
      page.failNext = null;
      const response = await (failNext ?? fetch)(url, init);
      const [, operation = ''] = /\b(?:mutation|query) (\w+)/.exec(init.body as string) ?? [];
      const authorization = new Headers(init.headers).get('authorization');
      page.sent.push({ operation, authorization, status: response.status });
      return response;
    },
  };
  return Object.assign(page, { callers: createCallers(settings, environment) });
}

/** Signs in and consents or denies. @returns the address of the callback with its answer */
async function signInAtWindow(
  browser: Person,
  url: string,
  { account = admin, decision = 'allow' }: AtWindow,
): Promise<URL> {
  const own = new URL(url).origin;
  let page = await browser.follow(await browser.get(url), own);
  if (page.html.includes('/sign-in"')) {
    const { email, password } = account;
    page = await browser.follow(await browser.submit(page, 'sign-in', { email, password, decision: 'sign-in' }), own);
  }
  if (page.html.includes('/consent"'))
    page = await browser.follow(await browser.submit(page, 'consent', { decision }), own);
  if (!page.url.startsWith(`${own}/explorer/callback?`)) throw new Error(`the sign-in ended elsewhere: ${page.html}`);
  return new URL(page.url);
}

/** Posts the answer of the window, as the callback page does. */
function post(callback: URL, { answer = (message) => message }: AtWindow): void {
  const names = ['code', 'state', 'iss', 'error', 'error_description'];
  const message = Object.fromEntries(names.map((name) => [name, callback.searchParams.get(name)]));
  const channel = new BroadcastChannel(channelName(message['state'] ?? ''));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  channel.postMessage(answer(message));
  channel.close();
}

/** Follows redirects with the cookies of the browser, as `fetch` in a page does. */
async function browse(browser: Person, url: string, own: string): Promise<Response> {
  const { url: end, response } = await browser.follow(await browser.get(url), own);
  return Object.defineProperty(new Response(null, { status: response.status === 303 ? 200 : response.status }), 'url', {
    value: end,
  });
}

function realTimer(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
