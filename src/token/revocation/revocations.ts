import { ClaimgateError } from '../../errors.ts';
import { tokenCaches } from '../cache/bounds.ts';
import type { Revocation, RevocationFeed } from '../ports.ts';

/** What of a token may be revoked: its account, the token itself, and its grant and session where the token names them. */
export interface Revocable {
  readonly principal: { readonly issuer: string; readonly subject: string };
  readonly tokenId: string;
  readonly grantId: string | null;
  readonly sessionId: string | null;
  /** `iat`, in seconds since the epoch. */
  readonly issuedAt: number;
}

/** What is revoked of one kind, by its identifier. */
type Entries = Map<string, Omit<Required<Revocation>, 'kind' | 'issuer' | 'id'>>;
type Kinds = Readonly<Record<Revocation['kind'], Entries>>;

export interface RevocationOptions {
  /** Revocations of every process. Default: only what `add` gets, which is never out of date. */
  readonly feed?: RevocationFeed;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long the feed may fail before no token is accepted, in milliseconds. Default 30,000. */
  readonly staleAfter?: number;
  /** How many revocations are kept at most. Default 500,000. */
  readonly entries?: number;
}

/** All that is revoked and has not expired, in memory. A look-up costs no query and no promise. */
export interface Revocations {
  /**
   * Whether a token was revoked.
   *
   * @throws ClaimgateError `REVOCATIONS_UNAVAILABLE` where the feed was never read, or has failed for too long
   */
  isRevoked(token: Revocable): boolean;
  /** Adds revocations. They count at once. */
  add(revocations: Iterable<Revocation>): void;
  /**
   * Reads what is new in the feed, and forgets what has expired. A call while a reading is in progress joins it.
   *
   * @throws what the feed threw
   */
  refresh(): Promise<void>;
  /** When the feed was last read to its end, in milliseconds since the epoch; null: never. */
  readonly readAt: number | null;
  readonly size: number;
}

/** How long a reading of the feed may take, in milliseconds, before it is given up and begun again. */
const patience = 10_000;
/** How long after a revocation a token may be issued that it concerns, in milliseconds: it was under way, or clocks differ. */
const onItsWay = 5 * 60_000;
/** The part of all that is forgotten at once. */
const batches = 64;
/** How long revocations that have run out may stay, in milliseconds. */
const sweepInterval = 60_000;

/**
 * Makes an index of revocations. It has no timer: its owner calls `refresh`, about once a second.
 *
 * Its memory is bounded by `entries`. Beyond them the oldest is forgotten, and every token of its issuer is refused from then on
 * that was issued before it: what cannot be judged is refused. Clients get new tokens, which are not concerned.
 */
export function createRevocations(options: RevocationOptions = {}): Revocations {
  const { feed, clock = Date.now, staleAfter = 30_000, entries: most = tokenCaches.revocations.entries } = options;
  /** By issuer: what two of them call the same is not the same. */
  const index = new Map<string, Kinds>();
  /** By issuer: tokens that were issued until then, in milliseconds since the epoch, cannot be judged any more. */
  const floors = new Map<string, number>();
  let size = 0;
  let readAt: number | null = null;
  let cursor: string | null = null;
  let reading: { readonly done: Promise<void>; readonly since: number } | null = null;
  let sweptAt = clock();

  const add = (revocations: Iterable<Revocation>) => {
    for (const { kind, issuer, id, issuedUntil, expiresAt, revokedAt = clock() } of revocations) {
      const kinds = index.get(issuer) ?? { grant: new Map(), token: new Map(), session: new Map(), account: new Map() };
      index.set(issuer, kinds);
      const known = kinds[kind].get(id);
      if (!kinds[kind].delete(id)) size += 1;
      // Set again, it comes last.
      kinds[kind].set(id, {
        issuedUntil: Math.max(issuedUntil, known?.issuedUntil ?? issuedUntil),
        expiresAt: Math.max(expiresAt, known?.expiresAt ?? expiresAt),
        revokedAt: Math.max(revokedAt, known?.revokedAt ?? revokedAt),
      });
      if (size > most) forgetOldest();
    }
  };
  /** Many at once: to find the first entry of a map takes as long as there are places before it. */
  const forgetOldest = () => {
    const [oldest] = index
      .entries()
      .flatMap(([issuer, kinds]) => Object.values(kinds).map((entries) => ({ issuer, entries, at: firstOf(entries) })))
      .toArray()
      .sort((a, b) => a.at - b.at);
    if (!oldest) return;
    const { issuer, entries } = oldest;
    let left = Math.ceil(most / batches);
    for (const [id, { revokedAt }] of entries) {
      entries.delete(id);
      size -= 1;
      floors.set(issuer, Math.max(revokedAt + onItsWay, floors.get(issuer) ?? 0));
      left -= 1;
      if (left <= 0) return;
    }
  };
  const sweep = () => {
    const now = clock();
    if (Math.abs(now - sweptAt) < sweepInterval) return;
    for (const [issuer, kinds] of index) {
      for (const entries of Object.values(kinds)) {
        for (const [id, { expiresAt }] of entries) if (expiresAt <= now && entries.delete(id)) size -= 1;
      }
      if (sizeOf(kinds) === 0) index.delete(issuer);
    }
    sweptAt = now;
  };
  const read = async (from: RevocationFeed) => {
    // What is written while this is under way may be missing from it.
    const startedAt = clock();
    for (;;) {
      const { revocations, cursor: next } = await from.since(cursor);
      add(revocations);
      cursor = next;
      if (revocations.length === 0) break;
    }
    readAt = startedAt;
    sweep();
  };

  return {
    isRevoked({ principal, tokenId, grantId, sessionId, issuedAt }) {
      if (feed) {
        const now = clock();
        if (readAt === null || now - readAt > staleAfter) throw unavailable();
        // A clock that was set back must not make old news look fresh.
        if (readAt > now) readAt = now;
      }
      if (issuedAt * 1_000 <= (floors.get(principal.issuer) ?? -1)) return true;
      const kinds = index.get(principal.issuer);
      if (!kinds) return false;
      const covers = (entries: Entries, id: string) => issuedAt * 1_000 <= (entries.get(id)?.issuedUntil ?? -1);
      return (
        covers(kinds.account, principal.subject) ||
        covers(kinds.token, tokenId) ||
        (grantId !== null && covers(kinds.grant, grantId)) ||
        (sessionId !== null && covers(kinds.session, sessionId))
      );
    },
    add,
    async refresh() {
      if (!feed) return sweep();
      const now = clock();
      if (reading && Math.abs(now - reading.since) < patience) return reading.done;
      const done = read(feed).finally(() => {
        if (reading?.done === done) reading = null;
      });
      reading = { done, since: now };
      return done;
    },
    get readAt() {
      return readAt;
    },
    get size() {
      return size;
    },
  };
}

/** When the oldest of one kind was revoked; Infinity: there is none. */
function firstOf(entries: Entries): number {
  const [first] = entries.values();
  return first?.revokedAt ?? Infinity;
}

function sizeOf(kinds: Kinds): number {
  return Object.values(kinds).reduce((size, entries) => size + entries.size, 0);
}

function unavailable(): ClaimgateError {
  return new ClaimgateError(
    'REVOCATIONS_UNAVAILABLE',
    'Whether the access token was revoked cannot be found out at present: try again.',
  );
}
