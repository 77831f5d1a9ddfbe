import { joinWords, wordsOfOwner, wordsOfRequirement } from '../rules/words.ts';
import { type Condition, requirementOf } from './condition.ts';
import type { NormalForm } from './form.ts';

/**
 * Writes in words what a normal form requires, in the wording of `wordsOfRule`. The text continues the word "Requires",
 * and has no full stop.
 */
export function wordsOfForm({ alternatives, isCapped }: NormalForm): string {
  const more = isCapped ? ', or another of more alternatives' : '';
  if (alternatives.some(({ token }) => !token)) return 'no access token';
  if (alternatives.length === 0) return `what no access token can satisfy${more}`;
  // Alternatives that differ only in their scopes are written together.
  const groups = Map.groupBy(alternatives, (condition) => joinWords(partsOf({ ...condition, scopes: [] }, [])));
  const texts = [...groups.values()].map((group) => {
    const [first] = group;
    return first
      ? joinWords(
          partsOf(
            first,
            group.map(({ scopes }) => scopes),
          ),
        )
      : '';
  });
  return `${texts.join(', or ')}${more}`;
}

function partsOf(condition: Condition, scope: readonly (readonly string[])[]): readonly string[] {
  return [
    ...wordsOfRequirement({ ...requirementOf(condition), scope }),
    ...condition.owners.slice(1).map(wordsOfOwner), // The requirement has the first owner.
  ];
}
