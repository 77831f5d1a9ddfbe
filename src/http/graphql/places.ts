import type { FastifyReply } from 'fastify';
import { type ErrorCode, errorKinds } from '../../errors.ts';
import { refuse } from '../refusal.ts';

/** How many connections that outlive a request, WebSockets and event streams together, may be open. */
export interface PlaceLimits {
  readonly total: number;
  /** The same from one network address. */
  readonly address: number;
  /** The same with tokens of one issuer, subject and client. */
  readonly caller: number;
}

/** The limit that is reached. */
export type FullLimit = keyof PlaceLimits;

/** The place of one connection. */
export interface Place {
  /** Counts the place for its caller too. @returns false where the caller's limit is reached: nothing is then counted for the caller */
  admit(callerKey: string): boolean;
  /** Keeps the place until this promise, and every other that keeps it, has settled. */
  keep(until: Promise<unknown>): void;
}

/** Counts the places of open connections. */
export interface Places {
  readonly limits: PlaceLimits;
  /** Takes a place. @param until - the place is released once this and every promise of `keep` has settled. @returns the limit that is reached */
  take(address: string, until: Promise<unknown>): Place | FullLimit;
}

/** What the count of places needs. */
export interface PlacesOptions {
  readonly limits: PlaceLimits;
  readonly networkOf: NetworkOf;
}

/** Returns the networks that an address counts for: `own`, and the wider network `around` an IPv6 address. */
export type NetworkOf = (address: string) => { readonly own: string; readonly around: string | null };

/** How many times as many the network around an IPv6 address may have as one address. */
const aroundFactor = 2;

/**
 * Counts open connections. A connection counts until it is closed and its last operation has ended. A client that connects, sends an
 * operation and disconnects in a loop therefore has no more running operations than a client that stays.
 *
 * `total` bounds the memory of the counts, because an entry is removed when it is zero.
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

/** Adds one to a count. @returns false where the count has reached its maximum, and is left unchanged */
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

/** Answers a request for a connection where a limit leaves no place. The status says whether the whole server is full. */
export function refuseFull(reply: FastifyReply, full: FullLimit, limits: PlaceLimits): FastifyReply {
  const reason = full === 'total' ? 'server' : undefined;
  const { retryAfter } = errorKinds[tooMany];
  return refuse(reply.header('retry-after', String(retryAfter)), tooMany, describeFull(full, limits), reason);
}
