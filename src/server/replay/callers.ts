import { createHash } from 'node:crypto';
import type { CallerHash } from '../../auth/recorded/hash.ts';
import { type PlainCaller, plainCaller } from '../../auth/recorded/plain-caller.ts';
import { ageClassOf, recordedCaller } from '../../auth/recorded/recorded-caller.ts';
import type { VerifiedPrincipal } from '../../principal.ts';
import type { ClaimPath } from '../../protocol/claim-path.ts';
import type { StoredCaller } from '../../store/recorded/write.ts';
import { createVariedClaims } from './varied-claims.ts';

/** How many kinds of callers have their HMACs in memory. */
const maxKnown = 1_000;

/**
 * Makes the function that finds what is stored of a caller. Callers with equal scopes and claims share the result, so that
 * HMACs are made one time for each kind of caller.
 */
export function createCallers(
  hash: CallerHash,
  shownClaims: readonly ClaimPath[],
): (principal: VerifiedPrincipal, now: number) => StoredCaller {
  const isVaried = createVariedClaims(shownClaims);
  const plain = new WeakMap<VerifiedPrincipal, { readonly caller: PlainCaller; readonly text: string }>();
  const known = new Map<string, StoredCaller>();

  function plainOf(principal: VerifiedPrincipal) {
    let found = plain.get(principal);
    if (!found) {
      const caller = plainCaller(principal, isVaried);
      found = { caller, text: JSON.stringify(caller) };
      plain.set(principal, found);
    }
    return found;
  }

  return (principal, now) => {
    const { caller, text } = plainOf(principal);
    const age = ageClassOf(principal, now);
    const key = `${JSON.stringify(age)} ${text}`;
    let stored = known.get(key);
    if (!stored) {
      const facts = JSON.stringify(recordedCaller(caller, age, hash));
      const id = createHash('sha256').update(`${hash.keyName} ${facts}`).digest('base64url').slice(0, 22);
      stored = { id, keyName: hash.keyName, facts };
      if (known.size >= maxKnown) known.clear();
      known.set(key, stored);
    }
    return stored;
  };
}
