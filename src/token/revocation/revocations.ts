import { ClaimgateError } from '../../errors.ts';
import { tokenCaches } from '../cache/bounds.ts';
import type { Revocation, RevocationFeed } from '../ports.ts';

/**
 * The values of a token that a revocation can name: its account, its own ID, and its grant and session if the token
 * names them.
 */
export interface Revocable {
  readonly principal: { readonly issuer: string; readonly subject: string };
  readonly tokenId: string;
  readonly grantId: string | null;
  readonly sessionId: string | null;
  /** `iat`, in seconds since the epoch. */
  readonly issuedAt: number;
}

/** The revocations of one kind, by identifier. */
type Entries = Map<string, Omit<Required<Revocation>, 'kind' | 'issuer' | 'id'>>;
type Kinds = Readonly<Record<Revocation['kind'], Entries>>;

export interface RevocationOptions {
  /** Reads the revocations of all processes. Default: no feed; the index has only the revocations passed to `add`. */
  readonly feed?: RevocationFeed;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long the feed may fail before no token is accepted, in milliseconds. Default 30,000. */
  readonly staleAfter?: number;
  /** The largest number of stored revocations. Default 500,000. */
  readonly entries?: number;
}

/** An index in memory of all revocations that have not expired. A look-up needs no query and returns no promise. */
export interface Revocations {
  /**
   * Whether a token was revoked.
   *
   * @throws ClaimgateError `REVOCATIONS_UNAVAILABLE` if the feed was never read to its end, or the last successful read
   * is older than `staleAfter`
   */
  isRevoked(token: Revocable): boolean;
  /** Adds revocations. They take effect immediately. */
  add(revocations: Iterable<Revocation>): void;
  /**
   * Reads the new revocations of the feed, and deletes expired revocations. A call during a read waits for that read.
   *
   * @throws the error of the feed
   */
  refresh(): Promise<void>;
  /** When the last complete read of the feed began, in milliseconds since the epoch; null: never. */
  readonly readAt: number | null;
  readonly size: number;
}

/** The time after which `refresh` no longer waits for a read of the feed and starts a new read, in milliseconds. */
const patience = 10_000;
/**
 * Tokens issued up to this long after a revocation may belong to it, in milliseconds: a token request was in progress,
 * or clocks differ.
 */
const onItsWay = 5 * 60_000;
/** A full index deletes at most 1/64 of `entries` at once. */
const batches = 64;
/** The shortest time between two deletions of expired revocations, in milliseconds. */
const sweepInterval = 60_000;

/**
 * Makes an index of revocations. It has no timer: its owner calls `refresh`, about once a second.
 *
 * The option `entries` bounds its memory. A full index deletes the oldest revocations. It then treats every token as
 * revoked that the same issuer issued before a deleted revocation or up to 5 minutes after it, because it can no longer
 * tell which of these tokens are revoked. Tokens issued later are not affected.
 */
export function createRevocations(options: RevocationOptions = {}): Revocations {
  const { feed, clock = Date.now, staleAfter = 30_000, entries: most = tokenCaches.revocations.entries } = options;
  /** The revocations by issuer, because two issuers may use the same identifier. */
  const index = new Map<string, Kinds>();
  /**
   * By issuer: tokens issued at or before this time count as revoked, because revocations were deleted. In milliseconds
   * since the epoch.
   */
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
      // A map keeps the order of insertion, so this entry is now the last.
      kinds[kind].set(id, {
        issuedUntil: Math.max(issuedUntil, known?.issuedUntil ?? issuedUntil),
        expiresAt: Math.max(expiresAt, known?.expiresAt ?? expiresAt),
        revokedAt: Math.max(revokedAt, known?.revokedAt ?? revokedAt),
      });
      if (size > most) forgetOldest();
    }
  };
  /**
   * Deletes the oldest revocations. It deletes many at once, because finding the first entry of a map is slow after
   * many deletions at its start.
   */
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
    // Revocations that are stored during this read may be missing from it, so `readAt` is the time of its start.
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
        // After the clock was set back, an old read must not count as recent.
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

/** Returns the time of the oldest revocation of one kind; Infinity if there is none. */
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
