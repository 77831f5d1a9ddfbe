import { StoredRateLimit } from '../store/rate-limits.ts';
import { normalizeEmail } from './accounts.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import { countedAddress } from './counted-address.ts';
import type { Store } from './store.ts';

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

/** Points for what a client gets wrong. */
const points: Readonly<Record<ClientMistake, number>> = { authentication: 10, grant: 1 };
const { authentication: whole } = points;

export function createAttempts({ store, now, limits }: AttemptsOptions): Attempts {
  const limit = (name: string, points: number, duration: number) =>
    new StoredRateLimit({ store, now, name, points, duration });
  const account = limit('account', limits.account, quarterHour);
  const accountEverywhere = limit('account everywhere', limits.accountEverywhere, hour);
  const address = limit('address', limits.address, quarterHour);
  const client = limit('client', limits.client * whole, quarterHour);
  const clientEverywhere = limit('client everywhere', limits.clientEverywhere * whole, hour);
  const clientAddress = limit('client address', limits.clientAddress * whole, quarterHour);
  const registration = limit('registration', limits.registration, hour);
  const registrationEverywhere = limit('registration everywhere', limits.registrationEverywhere, hour);

  return {
    async guessPassword(email, from, check) {
      const where = countedAddress(from);
      const who = normalizeEmail(email);
      const whoAndWhere = `${where} ${who}`;

      const here = await address.penalty(where);
      if (here.consumedPoints > address.points) return refused(here.msBeforeNext);
      const own = await account.penalty(whoAndWhere);
      const everywhere = own.consumedPoints > account.points ? null : await accountEverywhere.penalty(who);
      const isSlowed = everywhere !== null && everywhere.consumedPoints > accountEverywhere.points;
      if (everywhere === null || (isSlowed && own.consumedPoints > slowed)) {
        // Nothing was guessed: whoever else comes from there is not to pay for it.
        await address.reward(where);
        return refused(own.msBeforeNext);
      }

      const found = await check();
      if (found === null) return { kind: 'wrong' };
      await account.delete(whoAndWhere);
      await address.reward(where);
      await accountEverywhere.reward(who);
      return { kind: 'right', found };
    },

    async client(clientId, from) {
      const where = countedAddress(from);
      const whoAndWhere = `${where} ${clientId}`;
      const [own, here, everywhere] = await StoredRateLimit.read([
        [client, whoAndWhere],
        [clientAddress, where],
        [clientEverywhere, clientId],
      ]);
      const isSlowed = (everywhere?.consumedPoints ?? 0) >= clientEverywhere.points;
      const most = isSlowed ? Math.min(client.points, slowed * whole) : client.points;
      const waits = [
        ...(own && own.consumedPoints >= most ? [own.msBeforeNext] : []),
        ...(here && here.consumedPoints >= clientAddress.points ? [here.msBeforeNext] : []),
      ];
      return {
        refusedFor: waits.length > 0 ? seconds(Math.max(...waits)) : null,
        async failed(mistake) {
          await client.penalty(whoAndWhere, points[mistake]);
          await clientAddress.penalty(where, points[mistake]);
          await clientEverywhere.penalty(clientId, points[mistake]);
        },
        async succeeded() {
          if (own && own.consumedPoints > 0) await client.delete(whoAndWhere);
        },
      };
    },

    async register(from) {
      const own = await registration.penalty(countedAddress(from));
      if (own.consumedPoints > registration.points) return seconds(own.msBeforeNext);
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
