import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, Provider } from 'oidc-provider';
import { type Cookies, cookiesFor, interactionLifetime } from './cookies.ts';
import { keepMembers } from '../adapter/model-members.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What an interaction keeps of the browser that began it: the hash of the browser's cookie, base64url. */
interface Begun {
  browser?: string;
}

/**
 * Binds each sign-in that is under way to the browser that began it: only that one finishes it, whichever cookies of another
 * browser a sibling domain planted there.
 */
export function bindInteractions(provider: Provider): void {
  keepMembers(provider.Interaction, ['browser']);
  const interaction: { save: (this: Begun, ttl: number) => Promise<string> } = provider.Interaction.prototype;
  const { save } = interaction;
  interaction.save = function (ttl) {
    // The library begins one in a request of its own; the pages save it again, and it stays that browser's.
    if (this.browser === undefined && Provider.ctx) this.browser = browserIn(provider, Provider.ctx.cookies);
    return save.call(this, ttl);
  };
  const finders: { find: (id: string) => Promise<unknown> } = provider.Interaction;
  const find = finders.find.bind(provider.Interaction);
  finders.find = async (id) => {
    const found = await find(id);
    const { ctx } = Provider;
    // Without a request of the library, the page that asks looks itself.
    return ctx && !isOfBrowser(provider, found, ctx.cookies) ? undefined : found;
  };
}

/**
 * The sign-in that is under way in this browser.
 *
 * @throws errors.SessionNotFound where there is none, and where another browser began it
 */
export async function presentInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction> {
  const interaction = await provider.interactionDetails(request, response);
  const { cookies } = provider.createContext(request, response);
  if (isOfBrowser(provider, interaction, cookies)) return interaction;
  throw new errors.SessionNotFound('the sign-in was begun in another browser');
}

/** Whether a sign-in was begun in the browser that sent these cookies. One of no known browser was begun in none. */
export function isOfBrowser({ issuer }: Provider, interaction: unknown, cookies: Cookies): boolean {
  const value = valueIn(issuer, cookies);
  const { browser } = (interaction ?? {}) as Begun; // The library's types know no members of ours.
  if (value === undefined || typeof browser !== 'string') return false;
  const [expected, actual] = [Buffer.from(browser), Buffer.from(hash(value))];
  return expected.length === actual.length && timingSafeEqual(actual, expected);
}

/** Gives a browser its cookie, or the one it has for longer. @returns what an interaction keeps of it */
export function browserIn({ issuer }: Provider, cookies: Cookies): string {
  const { browser, attributes } = cookiesFor(issuer);
  const value = valueIn(issuer, cookies) ?? randomBytes(32).toString('base64url');
  cookies.set(browser, value, { ...attributes, path: '/', maxAge: interactionLifetime * 1_000, overwrite: true });
  return hash(value);
}

function valueIn(issuer: string, cookies: Cookies): string | undefined {
  const value = cookies.get(cookiesFor(issuer).browser, { signed: true });
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}

function hash(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
