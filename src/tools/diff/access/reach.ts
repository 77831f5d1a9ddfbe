import { type Condition, nothingNeeded } from '../../../auth/algebra/condition.ts';
import { conditions } from '../../../auth/algebra/conjunction.ts';
import { always, never, type NormalForm } from '../../../auth/algebra/form.ts';
import { maxAlternatives } from '../../../auth/rules/alternatives.ts';
import type { Way } from './way.ts';
import { writeForm } from '../form-text.ts';

/** The largest number of alternatives that one type gets in the search. Most of them are replaced by wider ones. */
const maxAdded = 4 * maxAlternatives;

interface Reached {
  kept: Condition[];
  added: number;
  isCapped: boolean;
}

/**
 * Finds who reaches each type: for each path from a root type, the rules on all its ways hold. A path that needs what
 * another path needs, and more, is left out. If a type has more than `maxAlternatives` alternatives, its form is capped,
 * and the forms of the types that are reached through it.
 */
export function reachOf(
  roots: Iterable<string>,
  waysFrom: ReadonlyMap<string, readonly Way[]>,
): (type: string) => NormalForm {
  const reached = new Map<string, Reached>();
  const open: { readonly type: string; readonly condition: Condition }[] = [];

  function add(type: string, condition: Condition): void {
    const at = reached.get(type) ?? { kept: [], added: 0, isCapped: false };
    reached.set(type, at);
    if (at.kept.some((known) => conditions.covers(known, condition))) return;
    const kept = at.kept.filter((known) => !conditions.covers(condition, known));
    if (at.added >= maxAdded && conditions.sizeOf(condition) > 0) {
      at.isCapped = true;
      return;
    }
    if (kept.length >= maxAlternatives) {
      at.isCapped = true;
      const sizes = kept.map(conditions.sizeOf);
      const largest = sizes.indexOf(Math.max(...sizes));
      if ((sizes[largest] ?? 0) <= conditions.sizeOf(condition)) return;
      kept.splice(largest, 1);
    }
    kept.push(condition);
    at.kept = kept;
    at.added += 1;
    open.push({ type, condition });
  }

  for (const root of roots) add(root, nothingNeeded);
  // The list grows during the loop: short paths come first.
  for (const { type, condition } of open) {
    if (!reached.get(type)?.kept.includes(condition)) continue; // A wider one replaced it.
    for (const { to, form } of waysFrom.get(type) ?? []) {
      if (form.isCapped) capped(to);
      for (const alternative of form.alternatives) {
        const both =
          alternative === nothingNeeded
            ? condition
            : condition === nothingNeeded
              ? alternative
              : conditions.meet(condition, alternative);
        if (both) add(to, both);
      }
    }
  }
  function capped(type: string): void {
    const at = reached.get(type) ?? { kept: [], added: 0, isCapped: false };
    reached.set(type, at);
    at.isCapped = true;
  }
  // A left-out alternative is left out of every type behind it too.
  const spreading = [...reached].filter(([, at]) => isIncomplete(at)).map(([type]) => type);
  for (const type of spreading) {
    for (const { to } of waysFrom.get(type) ?? []) {
      const at = reached.get(to);
      if (!at || at.isCapped) continue;
      at.isCapped = true;
      if (isIncomplete(at)) spreading.push(to);
    }
  }
  // Types that the same callers reach have one form, so that it is compared one time.
  const distinct = new Map<string, NormalForm>();
  const forms = new Map(
    [...reached].map(([type, at]): [string, NormalForm] => {
      if (at.kept.some(({ token }) => !token)) return [type, always];
      const form = { alternatives: at.kept, isCapped: isIncomplete(at) };
      const text = writeForm(form);
      const known = distinct.get(text) ?? form;
      distinct.set(text, known);
      return [type, known];
    }),
  );
  return (type) => forms.get(type) ?? never;
}

/** Whether a caller can reach the type by an alternative that was left out. Each one needs a token at least. */
function isIncomplete({ kept, isCapped }: Reached): boolean {
  return isCapped && !kept.some((condition) => conditions.sizeOf(condition) === 0);
}
