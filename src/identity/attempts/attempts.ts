import { StoredRateLimit } from '../../store/rate-limits.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import type { AttemptLimits } from './limits.ts';
import { type Network, networkOf } from './network.ts';
import { NetworkLimit } from './network-limit.ts';
import type { Store } from '../store.ts';
import { createTurns } from './turns.ts';

/** How a guess of a password ended. */
export type Guess<Found> =
  | { readonly kind: 'right'; readonly found: Found }
  | { readonly kind: 'wrong' }
  /** It was not looked at: so many seconds from now it will be. */
  | { readonly kind: 'refused'; readonly seconds: number };

/** What a client got wrong: how it proves itself, or a code or refresh token, of which old ones turn up in good faith. */
export type ClientMistake = 'authentication' | 'grant';

/** A client at an address, as it stands when it comes. */
export interface ClientAttempt {
  /** Seconds from now until it is heard; null: now. */
  readonly refusedFor: number | null;
  failed(mistake: ClientMistake): Promise<void>;
  /** It proved itself and got what it asked for: what was counted against it at this address is forgotten. */
  succeeded(): Promise<void>;
}

/** Slows guessing down, for all processes on the database together. Throws where that does not answer: then nobody may guess. */
export interface Attempts {
  /**
   * Has a password checked, unless too many were wrong. It is counted before it is checked, so that of any number that come at
   * once no more are checked than may be; what is right is not counted.
   *
   * An account that does not exist is counted like one that does.
   *
   * @param email as it was typed
   * @param address the caller's
   * @param check looks whether it is right. @returns null if it is wrong
   */
  guessPassword<Found>(email: string, address: string, check: () => Promise<Found | null>): Promise<Guess<Found>>;
  /**
   * How a client stands. What it gets wrong is counted afterwards: secrets, codes and tokens are 256 random bits, so that a few
   * more that come at once are no matter, and those who get it right wait for no writing.
   */
  client(clientId: string, address: string): Promise<ClientAttempt>;
  /**
   * Counts an application that registers itself, or tries to.
   *
   * @returns in how many seconds it may; null: now
   */
  register(address: string): Promise<number | null>;
}

export interface AttemptsOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits: AttemptLimits;
}

/** Seconds. */
const quarterHour = 15 * 60;
const hour = 60 * 60;

/** What an address has for an account or a client that is guessed for from everywhere: it slows them, and locks nobody out. */
const slowed = 3;

/**
 * The part of the smaller limit that one address may have under way at once in this process. Passwords are counted before they are
 * checked: without it, people who sign in from one address at the same time would be refused with right passwords.
 */
const shareOfLimit = 5;

/** Points for what a client gets wrong. */
const points: Readonly<Record<ClientMistake, number>> = { authentication: 10, grant: 1 };
const { authentication: whole } = points;

export function createAttempts({ store, now, limits }: AttemptsOptions): Attempts {
  const network = (name: string, points: number, durationSeconds: number) =>
    new NetworkLimit({ store, now, name, points, durationSeconds });
  const everywhere = (name: string, points: number, duration: number) =>
    new StoredRateLimit({ store, now, name, points, duration });
  const account = network('account', limits.account, quarterHour);
  const accountEverywhere = everywhere('account everywhere', limits.accountEverywhere, hour);
  const address = network('address', limits.address, quarterHour);
  const client = network('client', limits.client * whole, quarterHour);
  const clientEverywhere = everywhere('client everywhere', limits.clientEverywhere * whole, hour);
  const clientAddress = network('client address', limits.clientAddress * whole, quarterHour);
  const registration = network('registration', limits.registration, hour);
  const registrationEverywhere = everywhere('registration everywhere', limits.registrationEverywhere, hour);
  const turns = createTurns(Math.max(1, Math.floor(Math.min(limits.account, limits.address) / shareOfLimit)));

  async function guess<Found>(who: string, from: Network, check: () => Promise<Found | null>): Promise<Guess<Found>> {
    const addressWait = address.wait(await address.penalty(from, ''), 0);
    if (addressWait !== null) return refused(addressWait);
    const own = await account.penalty(from, who);
    let wait = account.wait(own, 0);
    if (wait === null) {
      const { consumedPoints } = await accountEverywhere.penalty(who);
      const isSlowed = consumedPoints > accountEverywhere.points;
      if (isSlowed) wait = account.wait(own, 0, Math.min(account.points, slowed));
    }
    if (wait !== null) {
      // Nothing was guessed: others at this address do not pay for it.
      await address.reward(from, '');
      return refused(wait);
    }

    const takeBack = () =>
      Promise.all([address.reward(from, ''), account.reward(from, who), accountEverywhere.reward(who)]);
    let found: Found | null;
    try {
      found = await check();
    } catch (error) {
      // It was neither right nor wrong. While the database is away, which is the likely reason, this fails too.
      await takeBack().catch(() => {});
      throw error;
    }
    if (found === null) return { kind: 'wrong' };
    await takeBack();
    await account.forget(from, who);
    return { kind: 'right', found };
  }

  return {
    guessPassword(email, from, check) {
      const network = networkOf(from);
      return turns.take(network.own, () => guess(normalizeEmail(email), network, check));
    },

    async client(clientId, from) {
      const where = networkOf(from);
      const asked = [client.keys(where, clientId), clientAddress.keys(where, '')].flat();
      const [everywhere, ...read] = await StoredRateLimit.read([[clientEverywhere, clientId], ...asked]);
      const [own = null, here = null, ownAround = null, hereAround = null] =
        where.around === null ? read : [read[0], read[2], read[1], read[3]];
      const isSlowed = (everywhere?.consumedPoints ?? 0) >= clientEverywhere.points;
      const most = isSlowed ? Math.min(client.points, slowed * whole) : client.points;
      const waits = [
        client.wait({ own, around: ownAround }, 1, most) ?? 0,
        clientAddress.wait({ own: here, around: hereAround }, 1) ?? 0,
      ];
      const longest = Math.max(...waits);
      return {
        refusedFor: longest > 0 ? seconds(longest) : null,
        async failed(mistake) {
          await client.penalty(where, clientId, points[mistake]);
          await clientAddress.penalty(where, '', points[mistake]);
          await clientEverywhere.penalty(clientId, points[mistake]);
        },
        async succeeded() {
          if (own && own.consumedPoints > 0) await client.forget(where, clientId);
        },
      };
    },

    async register(from) {
      const wait = registration.wait(await registration.penalty(networkOf(from), ''), 0);
      if (wait !== null) return seconds(wait);
      const everywhere = await registrationEverywhere.penalty('');
      return everywhere.consumedPoints > registrationEverywhere.points ? seconds(everywhere.msBeforeNext) : null;
    },
  };
}

function refused(milliseconds: number): { readonly kind: 'refused'; readonly seconds: number } {
  return { kind: 'refused', seconds: seconds(milliseconds) };
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}
