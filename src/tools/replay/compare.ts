import type { FieldDecision, JudgedOperation } from './judged-operation.ts';

/** How the decision about a field would change. */
export type FieldChange = 'denied' | 'let in' | 'depends' | 'unknown';

/** The places of the fields whose decision would change. */
export type FieldChanges = ReadonlyMap<number, FieldChange>;

/** The decisions about an operation for one caller. */
export type Decisions = ReadonlyMap<number, FieldDecision>;

/**
 * Joins the decisions for the two stand-ins of a caller. What differs is not known.
 *
 * @param most - the decisions for the stand-in that has all that is not known of the caller
 */
export function joinedDecisions(least: Decisions, most: Decisions | null): Decisions {
  if (!most) return least;
  return new Map(
    [...new Set([...least.keys(), ...most.keys()])].map((place) => {
      const [one = 'out of reach', other = 'out of reach'] = [least.get(place), most.get(place)];
      if (one === other || other === 'out of reach') return [place, one];
      return [place, one === 'out of reach' ? other : 'unknown'];
    }),
  );
}

/** Compares the decisions of two schemas about one operation of one caller. */
export function fieldChanges(
  before: { readonly operation: JudgedOperation; readonly decisions: Decisions },
  after: { readonly operation: JudgedOperation; readonly decisions: Decisions },
): FieldChanges {
  const changes = new Map<number, FieldChange>();
  for (const [place, now] of after.decisions) {
    const old = before.decisions.get(place) ?? 'out of reach';
    const isSame = before.operation.rules.get(place)?.text === after.operation.rules.get(place)?.text;
    const change = changeOf(old, now, isSame);
    if (change) changes.set(place, change);
  }
  return changes;
}

/** @param isSame - whether the rules of the field are the same */
function changeOf(old: FieldDecision, now: FieldDecision, isSame: boolean): FieldChange | null {
  // A field out of reach is denied through another field, which has its own change.
  if (old === 'out of reach' || now === 'out of reach') return null;
  if (old === now && (isSame || old === 'allow' || old === 'deny')) return null;
  if (old === 'unknown' || now === 'unknown') return isSame ? null : 'unknown';
  if (old === 'depends' || now === 'depends') return now === 'deny' ? 'denied' : 'depends';
  return now === 'deny' ? 'denied' : 'let in';
}
