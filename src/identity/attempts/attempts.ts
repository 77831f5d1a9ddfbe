import { StoredRateLimit } from '../../store/rate-limits.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import type { AttemptLimits } from './limits.ts';
import { type CallerNetworks, networkOf } from './network.ts';
import { NetworkLimit } from './network-limit.ts';
import type { Store } from '../../store/tables.ts';
import { createTurns } from './turns.ts';

/** The result of checking a password. */
export type PasswordGuess<Found> =
  | { readonly kind: 'right'; readonly found: Found }
  | { readonly kind: 'wrong' }
  /** The password was not checked. The caller may try again after `seconds`. */
  | { readonly kind: 'refused'; readonly seconds: number };

/**
 * The kind of a client's mistake: its authentication was wrong, or its code or refresh token (`grant`). Honest clients
 * sometimes send old codes and tokens. Therefore `grant` costs fewer points.
 */
export type ClientMistake = 'authentication' | 'grant';

/** A client at an address, at the time of its request. */
export interface ClientAttempt {
  /** How long the client must wait, in seconds; null: it need not wait. */
  readonly refusedForSeconds: number | null;
  /** Counts a mistake. */
  failed(mistake: ClientMistake): Promise<void>;
  /**
   * Deletes the count of the client at this address. Call it when the client has authenticated and its request
   * succeeded.
   */
  succeeded(): Promise<void>;
}

/**
 * Limits guessing. The counts are for all processes on the database together. If the database is unavailable, every
 * call throws, so no guess is allowed.
 */
export interface Attempts {
  /**
   * Checks a password. If too many passwords were wrong, refuses instead. The attempt is counted before the check.
   * Otherwise parallel requests could exceed the limit. If the password is right, the count is taken back, and the
   * count of the account from this address is deleted.
   *
   * An attempt for an unknown account is counted in the same way.
   *
   * @param email as the person entered it
   * @param address the address of the caller
   * @param check checks the password. Returns the account or another value; null if the password is wrong
   */
  guessPassword<Found>(
    email: string,
    address: string,
    check: () => Promise<Found | null>,
  ): Promise<PasswordGuess<Found>>;
  /**
   * Reads the counts of a client. Its mistakes are counted after the request. Therefore a request without a mistake
   * writes nothing, unless it deletes a count. Parallel requests may exceed the limit. This does no harm, because
   * client secrets, codes and refresh tokens have 256 random bits.
   */
  client(clientId: string, address: string): Promise<ClientAttempt>;
  /**
   * Counts a request to register without the right registration token.
   *
   * @returns how long the caller must wait, in seconds; null: it need not wait
   */
  register(address: string): Promise<number | null>;
  /**
   * Counts an application that an account registers on the account page, or a client secret that it makes there.
   *
   * @returns how long the account must wait, in seconds; null: it need not wait
   */
  changeApplication(accountId: string): Promise<number | null>;
}

export interface AttemptsOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits: AttemptLimits;
}

const quarterHourSeconds = 15 * 60;
const hourSeconds = 60 * 60;

/**
 * How many mistakes one address may make for an account or client when all addresses together have used up their limit.
 * Therefore the owner can still sign in from another address.
 */
const slowedLimit = 3;

/**
 * The smaller of the limits `account` and `address`, divided by this number, is how many passwords from one address
 * this process checks at the same time, and at least one. Passwords are counted before they are checked. Without this
 * bound, many people who sign in from one address at the same time could be refused.
 */
const shareOfLimit = 5;

/** The points of each mistake of a client. */
const points: Readonly<Record<ClientMistake, number>> = { authentication: 10, grant: 1 };
const { authentication: whole } = points;

/** Creates the limits of one server. Does not check the numbers; `attemptLimitFaults` checks them. */
export function createAttempts({ store, now, limits }: AttemptsOptions): Attempts {
  const network = (name: string, points: number, durationSeconds: number) =>
    new NetworkLimit({ store, now, name, points, durationSeconds });
  const everywhere = (name: string, points: number, duration: number) =>
    new StoredRateLimit({ store, now, name, points, duration });
  const account = network('account', limits.account, quarterHourSeconds);
  const accountEverywhere = everywhere('account everywhere', limits.accountEverywhere, hourSeconds);
  const address = network('address', limits.address, quarterHourSeconds);
  const client = network('client', limits.client * whole, quarterHourSeconds);
  const clientEverywhere = everywhere('client everywhere', limits.clientEverywhere * whole, hourSeconds);
  const clientAddress = network('client address', limits.clientAddress * whole, quarterHourSeconds);
  const registration = network('registration', limits.registration, hourSeconds);
  const registrationEverywhere = everywhere('registration everywhere', limits.registrationEverywhere, hourSeconds);
  const accountApplications = everywhere('account applications', limits.accountApplications, hourSeconds);
  const turns = createTurns(Math.max(1, Math.floor(Math.min(limits.account, limits.address) / shareOfLimit)));

  async function guess<Found>(
    name: string,
    from: CallerNetworks,
    check: () => Promise<Found | null>,
  ): Promise<PasswordGuess<Found>> {
    const addressWait = address.wait(await address.penalty(from, ''), 0);
    if (addressWait !== null) return refused(addressWait);
    const own = await account.penalty(from, name);
    let wait = account.wait(own, 0);
    if (wait === null) {
      const { consumedPoints } = await accountEverywhere.penalty(name);
      const isSlowed = consumedPoints > accountEverywhere.points;
      if (isSlowed) wait = account.wait(own, 0, Math.min(account.points, slowedLimit));
    }
    if (wait !== null) {
      // No password was checked, so the attempt does not count for the address.
      await address.reward(from, '');
      return refused(wait);
    }

    const takeBack = () =>
      Promise.all([address.reward(from, ''), account.reward(from, name), accountEverywhere.reward(name)]);
    let found: Found | null;
    try {
      found = await check();
    } catch (error) {
      // The check threw, so the password is not judged and does not count. If the database is unavailable, `takeBack`
      // fails too.
      await takeBack().catch(() => {});
      throw error;
    }
    if (found === null) return { kind: 'wrong' };
    await takeBack();
    await account.forget(from, name);
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
      const most = isSlowed ? Math.min(client.points, slowedLimit * whole) : client.points;
      const waits = [
        client.wait({ own, around: ownAround }, 1, most) ?? 0,
        clientAddress.wait({ own: here, around: hereAround }, 1) ?? 0,
      ];
      const longest = Math.max(...waits);
      return {
        refusedForSeconds: longest > 0 ? seconds(longest) : null,
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

    async changeApplication(accountId) {
      const { consumedPoints, msBeforeNext } = await accountApplications.penalty(accountId);
      return consumedPoints > accountApplications.points ? seconds(msBeforeNext) : null;
    },
  };
}

function refused(milliseconds: number): { readonly kind: 'refused'; readonly seconds: number } {
  return { kind: 'refused', seconds: seconds(milliseconds) };
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}
