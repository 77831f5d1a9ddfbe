import { createHash } from 'node:crypto';
import type { CallerHash } from '../../auth/recorded/hash.ts';
import { type PlainCaller, plainCaller } from '../../auth/recorded/plain-caller.ts';
import { ageClassOf, recordedCaller } from '../../auth/recorded/recorded-caller.ts';
import type { VerifiedPrincipal } from '../../principal.ts';
import type { ClaimPath } from '../../protocol/claim-path.ts';
import type { StoredCaller } from '../../store/recorded/write.ts';
import { replayCaches } from './caches.ts';

/** Callers with equal scopes and claims. */
interface CallerKind {
  /** A `PlainCaller` as JSON. */
  readonly text: string;
  /** What is stored, by the class of the age. */
  readonly byAge: Map<string, StoredCaller>;
}

/** Finds what is stored of callers. */
export interface Callers {
  /** @param now - milliseconds since the epoch */
  of(principal: VerifiedPrincipal, now: number): StoredCaller;
  /** How many kinds of callers are in the cache. */
  readonly entries: number;
}

/**
 * Makes the object that finds what is stored of a caller. Callers with equal scopes and claims share the result, so that
 * HMACs are made one time for each kind of caller.
 *
 * @param isHidden - whether the value of a claim must not be recorded
 */
export function createCallers(hash: CallerHash, isHidden: (path: ClaimPath, text: string) => boolean): Callers {
  let kindOfPrincipal = new WeakMap<VerifiedPrincipal, CallerKind>();
  const kinds = new Map<string, CallerKind>();
  const bound = replayCaches.replayCallers;
  let bytes = 0;

  function kindOf(principal: VerifiedPrincipal): CallerKind {
    const kind = kindOfPrincipal.get(principal);
    if (kind) return kind;
    const text = JSON.stringify(plainCaller(principal, isHidden));
    return kinds.get(text) ?? { text, byAge: new Map() };
  }

  /** Counts the memory before it is used. Principals that live on do not keep a kind that was removed. */
  function keep(kind: CallerKind, added: number): void {
    bytes += added;
    if (bytes > bound.bytes || (kinds.size >= bound.entries && !kinds.has(kind.text))) {
      kinds.clear();
      kindOfPrincipal = new WeakMap();
      bytes = added;
    }
    kinds.set(kind.text, kind);
  }

  return {
    of(principal, now) {
      const kind = kindOf(principal);
      const age = ageClassOf(principal, now);
      const key = JSON.stringify(age);
      const known = kind.byAge.get(key);
      if (known) {
        kindOfPrincipal.set(principal, kind);
        return known;
      }
      const plain = JSON.parse(kind.text) as PlainCaller;
      const facts = JSON.stringify(recordedCaller(plain, age, hash));
      const id = createHash('sha256').update(`${hash.keyName} ${facts}`).digest('base64url').slice(0, 22);
      const stored: StoredCaller = { id, keyName: hash.keyName, facts };
      // Two bytes for each character, and 500 for the objects. A kind that was removed is counted again.
      keep(kind, 2 * facts.length + 500 + (kinds.has(kind.text) ? 0 : 4 * kind.text.length));
      kindOfPrincipal.set(principal, kind);
      kind.byAge.set(key, stored);
      return stored;
    },
    get entries() {
      return kinds.size;
    },
  };
}
