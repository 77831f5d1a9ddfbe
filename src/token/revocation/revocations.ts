import { checkOptions } from '../../protocol/options/check-options.ts';
import { ClaimgateError } from '../../errors.ts';
import { tokenCaches } from '../cache/bounds.ts';
import type { Revocation, RevocationFeed } from '../ports.ts';
import { checkRevocationOptions, type RevocationOptions } from './options.ts';

/**
 * The values of a token that a revocation can name: the account, the token ID, the grant and the session. The grant and
 * the session are null if the token does not name them.
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

/**
 * An index of the revocations that have not expired. The index is in memory, so a look-up needs no query and returns no
 * promise.
 */
export interface Revocations {
  /**
   * Whether a token was revoked.
   *
   * @throws ClaimgateError `REVOCATIONS_UNAVAILABLE` if there is a feed, and no read of it has succeeded or the last
   * successful read began more than `staleAfterSeconds` ago
   */
  isRevoked(token: Revocable): boolean;
  /** Adds revocations. They take effect immediately. */
  add(revocations: Iterable<Revocation>): void;
  /**
   * Reads the new revocations of the feed, and deletes expired revocations. If a read is in progress, it waits for this
   * read instead.
   *
   * @throws the error of the feed
   */
  refresh(): Promise<void>;
  /** The start of the last complete read of the feed, in milliseconds since the epoch; null: no read is complete. */
  readonly readAt: number | null;
  readonly size: number;
}

/**
 * The age from which a read in progress no longer counts, in milliseconds. A call of `refresh` then starts a new read.
 */
const maxReadMs = 10_000;
/**
 * A revocation may cover tokens that are issued up to this time after it, in milliseconds. A token request may have
 * been in progress, or clocks may differ.
 */
const onItsWayMs = 5 * 60_000;
/** A full index deletes 1/64 of `maxEntries` together, rounded up. */
const batches = 64;
/** The shortest time between two deletions of expired revocations, in milliseconds. */
const sweepIntervalMs = 60_000;

/**
 * Makes an index of revocations. It has no timer. The program must call `refresh` regularly, for example each second.
 * With a feed, no token is accepted before the first call succeeds.
 *
 * The option `maxEntries` bounds its memory. A full index deletes the oldest revocations of one issuer and kind. It
 * then cannot tell which older tokens are revoked. Therefore it treats all tokens of this issuer as revoked that were
 * issued up to 5 minutes after a deleted revocation. A deleted revocation does not cover tokens that were issued later,
 * even if its `issuedUntil` is later.
 *
 * @throws StartError with all faults of the options
 */
export function createRevocations(options: RevocationOptions = {}): Revocations {
  checkOptions('createRevocations', options, checkRevocationOptions);
  const { feed, clock = Date.now, staleAfterSeconds = 30, maxEntries = tokenCaches.revocations.entries } = options;
  /** The revocations by issuer, because two issuers may use the same identifier. */
  const index = new Map<string, Kinds>();
  /**
   * For each issuer, the time up to which all its tokens count as revoked, because revocations were deleted. In
   * milliseconds since the epoch.
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
      if (size > maxEntries) forgetOldest();
    }
  };
  /**
   * Deletes the oldest revocations. It deletes many together, because finding the first entry of a map is slow after
   * deletions at its start.
   */
  const forgetOldest = () => {
    const [oldest] = index
      .entries()
      .flatMap(([issuer, kinds]) => Object.values(kinds).map((entries) => ({ issuer, entries, at: firstOf(entries) })))
      .toArray()
      .sort((a, b) => a.at - b.at);
    if (!oldest) return;
    const { issuer, entries } = oldest;
    let left = Math.ceil(maxEntries / batches);
    for (const [id, { revokedAt }] of entries) {
      entries.delete(id);
      size -= 1;
      floors.set(issuer, Math.max(revokedAt + onItsWayMs, floors.get(issuer) ?? 0));
      left -= 1;
      if (left <= 0) return;
    }
  };
  const sweep = () => {
    const now = clock();
    if (Math.abs(now - sweptAt) < sweepIntervalMs) return;
    for (const [issuer, kinds] of index) {
      for (const entries of Object.values(kinds)) {
        for (const [id, { expiresAt }] of entries) if (expiresAt <= now && entries.delete(id)) size -= 1;
      }
      if (sizeOf(kinds) === 0) index.delete(issuer);
    }
    sweptAt = now;
  };
  const read = async (from: RevocationFeed) => {
    // The read may miss revocations that are stored during it. Therefore `readAt` is the start of the read.
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
        if (readAt === null || now - readAt > staleAfterSeconds * 1_000) throw unavailable();
        // If the clock was set back, an old read must not count as recent for longer than `staleAfterSeconds`.
        if (readAt > now) readAt = now;
      }
      if (floors.size > 0 && issuedAt * 1_000 <= (floors.get(principal.issuer) ?? -1)) return true;
      const kinds = index.size > 0 ? index.get(principal.issuer) : undefined;
      if (!kinds) return false;
      // A look-up reads the identifier from memory. An empty map needs no look-up.
      const covers = (entries: Entries, id: string) =>
        entries.size > 0 && issuedAt * 1_000 <= (entries.get(id)?.issuedUntil ?? -1);
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
      if (reading && Math.abs(now - reading.since) < maxReadMs) return reading.done;
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
