import type { Condition } from './condition.ts';
import { conditions } from './conjunction.ts';
import type { NormalForm } from './form.ts';
import { letsIn, partsOf, type Unmet, type Witness, witnessOf } from './witness.ts';

/**
 * Whether one form lets in every caller whom another form lets in. `no` has a caller whom only the other form lets in.
 * `unknown`: a form is capped, or the search was too long. Treat it as `no`.
 */
export type Implication =
  | { readonly answer: 'yes' }
  | { readonly answer: 'no'; readonly witness: Witness }
  | { readonly answer: 'unknown' };

/** The largest number of callers that one search tries. */
const maxTries = 2_000;

/** The time of a witness, if no claim needs another time: 2026-01-01, in milliseconds. */
const witnessTime = Date.UTC(2026, 0, 1);

/**
 * Finds whether `wider` lets in every caller whom `narrower` lets in. The answers `yes` and `no` are always right. The
 * answer is only `unknown` if a form is capped, or after `maxTries`.
 *
 * The callers are all principals that `decide` can receive, at all times, with all outcomes of owners and policies.
 * Scopes and claims are independent here: the claim `scope` of a witness is not set.
 *
 * @param now - the time of the witness if no claim needs another time, in milliseconds since the epoch
 */
export function implies(narrower: NormalForm, wider: NormalForm, now: number = witnessTime): Implication {
  const search: Search = { wider: wider.alternatives, now, tries: 0 };
  let isUnknown = narrower.isCapped;
  for (const condition of narrower.alternatives) {
    if (wider.alternatives.some((other) => conditions.covers(other, condition))) continue;
    const found = findWitness(condition, [], search);
    // A left-out alternative of `wider` may let this caller in.
    if (found === 'unknown' || (found && wider.isCapped)) isUnknown = true;
    else if (found) return { answer: 'no', witness: found };
  }
  return { answer: isUnknown ? 'unknown' : 'yes' };
}

interface Search {
  readonly wider: readonly Condition[];
  readonly now: number;
  tries: number;
}

/**
 * Finds a caller whom a condition lets in, and no alternative of `wider`. If an alternative lets in the caller, one of
 * its parts must not hold: the search tries each of them.
 *
 * @param unmet - the parts of earlier alternatives that must not hold
 */
function findWitness(condition: Condition, unmet: readonly Unmet[], search: Search): Witness | 'unknown' | null {
  search.tries += 1;
  if (search.tries > maxTries) return 'unknown';
  const witness = witnessOf(condition, unmet, search.now);
  if (!witness) return null;
  // Numbers may be rounded: a witness counts only if the decision confirms it.
  if (!letsIn(condition, witness)) return 'unknown';
  const open = search.wider.find((alternative) => letsIn(alternative, witness));
  if (!open) return witness;
  for (const part of partsOf(open)) {
    const found = findWitness(condition, [...unmet, part], search);
    if (found) return found;
  }
  return null;
}
