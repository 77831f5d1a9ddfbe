import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, Provider } from 'oidc-provider';
import { type Cookies, cookiesFor, interactionLifetimeSeconds } from './cookies.ts';
import { storeMembers } from '../adapter/model-members.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** A member of interactions. It identifies the browser in which the interaction began. */
interface BrowserMember {
  /** The SHA-256 of the browser's cookie, base64url. */
  browser?: string;
}

/**
 * Makes each interaction usable only in the browser in which it began. A sibling domain could set the cookies of the
 * interaction in another browser, but this browser cannot finish it.
 */
export function bindInteractions(provider: Provider): void {
  storeMembers(provider.Interaction, ['browser']);
  const interaction: { save: (this: BrowserMember, ttl: number) => Promise<string> } = provider.Interaction.prototype;
  const { save } = interaction;
  interaction.save = function (ttl) {
    // The library begins an interaction in its own request. When our pages save it again, `browser` stays the same.
    if (this.browser === undefined && Provider.ctx) this.browser = bindBrowser(provider, Provider.ctx.cookies);
    return save.call(this, ttl);
  };
  const finders: { find: (id: string) => Promise<unknown> } = provider.Interaction;
  const find = finders.find.bind(provider.Interaction);
  finders.find = async (id) => {
    const found = await find(id);
    const { ctx } = Provider;
    // Without a request of the library, the calling page checks the browser.
    return ctx && !beganInBrowser(provider, found, ctx.cookies) ? undefined : found;
  };
}

/**
 * Returns the interaction of this browser.
 *
 * @throws errors.SessionNotFound if there is no interaction, or if it began in another browser
 */
export async function currentInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction> {
  const interaction = await provider.interactionDetails(request, response);
  const { cookies } = provider.createContext(request, response);
  if (beganInBrowser(provider, interaction, cookies)) return interaction;
  throw new errors.SessionNotFound('the sign-in was begun in another browser');
}

/**
 * Whether an interaction began in the browser that sent these cookies. False if the interaction or the cookies do not
 * identify a browser.
 */
export function beganInBrowser({ issuer }: Provider, interaction: unknown, cookies: Cookies): boolean {
  const value = browserSecret({ issuer }, cookies);
  const { browser } = (interaction ?? {}) as BrowserMember; // The library's types do not know our members.
  if (value === undefined || typeof browser !== 'string') return false;
  const [expected, actual] = [Buffer.from(browser), Buffer.from(hashOf(value))];
  return expected.length === actual.length && timingSafeEqual(actual, expected);
}

/**
 * Sets the cookie of a browser. If the browser already has the cookie, extends its lifetime. @returns the value to
 * store as `browser` of an interaction
 */
export function bindBrowser(provider: Provider, cookies: Cookies): string {
  return hashOf(keepBrowserSecret(provider, cookies));
}

/**
 * Sets the cookie of a browser. If the browser already has the cookie, extends its lifetime. @returns its value: 256
 * random bits, which the server does not store
 */
export function keepBrowserSecret({ issuer }: Provider, cookies: Cookies): string {
  const { browser, attributes } = cookiesFor(issuer);
  const value = browserSecret({ issuer }, cookies) ?? randomBytes(32).toString('base64url');
  cookies.set(browser, value, {
    ...attributes,
    path: '/',
    maxAge: interactionLifetimeSeconds * 1_000,
    overwrite: true,
  });
  return value;
}

/** Returns the value of the cookie of a browser; undefined if the browser sent no such cookie. */
export function browserSecret({ issuer }: Pick<Provider, 'issuer'>, cookies: Cookies): string | undefined {
  const value = cookies.get(cookiesFor(issuer).browser, { signed: true });
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
