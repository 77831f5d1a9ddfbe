import type { FastifyReply } from 'fastify';
import { type ErrorCode, errorKinds } from '../../errors.ts';
import { refuse } from '../refusal.ts';

/** The limits of open WebSockets and event streams. Both are counted together. */
export interface PlaceLimits {
  readonly total: number;
  /** How many may be open from one network address. */
  readonly address: number;
  /** How many may be open with tokens of one issuer, subject and client. */
  readonly caller: number;
}

/** The limit that is reached. */
export type FullLimit = keyof PlaceLimits;

/** The place of one connection. */
export interface Place {
  /**
   * Counts the place for its caller too.
   *
   * @returns false if the caller's limit is reached. The place is then not counted for the caller
   */
  admit(callerKey: string): boolean;
  /** Keeps the place at least until a promise has settled. */
  keep(until: Promise<unknown>): void;
}

/** Counts the places of open connections. */
export interface Places {
  readonly limits: PlaceLimits;
  /**
   * Takes a place.
   *
   * @param until - the place is released when this promise and all promises that `keep` received have settled
   * @returns the place, or the limit that is reached
   */
  take(address: string, until: Promise<unknown>): Place | FullLimit;
}

/** The options of `createPlaces`. */
export interface PlacesOptions {
  readonly limits: PlaceLimits;
  readonly networkOf: NetworkOf;
}

/**
 * Returns the networks in which an address is counted. `own` is the network of the caller. `around` is the wider
 * network around it, for an IPv6 address. For an IPv4 address, `around` is null.
 */
export type NetworkOf = (address: string) => { readonly own: string; readonly around: string | null };

/** The limit of the network `around` is this multiple of the limit `address`. */
const aroundFactor = 2;

/**
 * Counts open connections. A connection counts until it is closed and its last operation has ended. Therefore a client
 * cannot run more operations by disconnecting and connecting again.
 *
 * The limit `total` also limits the memory of the counts, because an entry is removed when its count is zero.
 */
export function createPlaces({ limits, networkOf }: PlacesOptions): Places {
  const addresses = new Map<string, number>();
  const callers = new Map<string, number>();
  let total = 0;

  return {
    limits,
    take(address, until) {
      if (total >= limits.total) return 'total';
      const { own, around } = networkOf(address);
      if (!increment(addresses, own, limits.address)) return 'address';
      if (around !== null && !increment(addresses, around, limits.address * aroundFactor)) {
        decrement(addresses, own);
        return 'address';
      }
      total += 1;
      let callerKey: string | null = null;
      let keepers = 0;
      const release = (): void => {
        keepers -= 1;
        if (keepers > 0) return;
        total -= 1;
        decrement(addresses, own);
        if (around !== null) decrement(addresses, around);
        if (callerKey !== null) decrement(callers, callerKey);
      };
      const place: Place = {
        admit(key) {
          if (!increment(callers, key, limits.caller)) return false;
          callerKey = key;
          return true;
        },
        keep(promise) {
          keepers += 1;
          promise.then(release, release);
        },
      };
      place.keep(until);
      return place;
    },
  };
}

/** Adds one to a count. @returns false if the count has reached its maximum. The count is then unchanged */
function increment(counts: Map<string, number>, key: string, max: number): boolean {
  const count = counts.get(key) ?? 0;
  if (count >= max) return false;
  counts.set(key, count + 1);
  return true;
}

function decrement(counts: Map<string, number>, key: string): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}

const tooMany = 'TOO_MANY_CONNECTIONS' satisfies ErrorCode;

/** Describes the limit that is reached, for the client. */
export function describeFull(full: FullLimit, limits: PlaceLimits): string {
  const whose = { total: 'The server', address: 'A network address', caller: 'A caller' }[full];
  return `${whose} may have ${limits[full]} WebSockets and event streams open: close one, or try again later.`;
}

/** Refuses a connection beyond a limit. The status is 503 if the limit `total` is reached, otherwise 429. */
export function refuseFull(reply: FastifyReply, full: FullLimit, limits: PlaceLimits): FastifyReply {
  const reason = full === 'total' ? 'server' : undefined;
  const { retryAfter } = errorKinds[tooMany];
  return refuse(reply.header('retry-after', String(retryAfter)), tooMany, describeFull(full, limits), reason);
}
