import type { ExplainedElement, RuleDecision } from '../explanation.ts';
import { decisionWords, missingOfRule, ruleSentence } from '../words.ts';
import type { Place, PlacesOf } from './places.ts';

/** A mark in the editor: the range of a name, the decision, and the text above it. */
export interface Mark extends Place {
  readonly decision: RuleDecision;
  /** Lines of plain text. */
  readonly lines: readonly string[];
}

/** The largest number of marks. An operation with more is marked in its first part only. */
export const maxMarks = 1_000;
/** The largest number of lines that are shown over one mark. */
const maxLinesOfMark = 12;

/**
 * Finds the marks of an operation. Elements at one place are one mark, for example a field and the type of its value:
 * the mark shows the strictest decision.
 *
 * @param elements - the elements for one caller, in any order
 */
export function marksOf(placesOf: PlacesOf, elements: readonly ExplainedElement[]): readonly Mark[] {
  const groups = new Map<string, { readonly place: Place; readonly elements: ExplainedElement[] }>();
  for (const element of elements) {
    for (const place of placesOf(element)) {
      const key = `${place.line}:${place.column}`;
      const group = groups.get(key);
      if (group) group.elements.push(element);
      else if (groups.size < maxMarks) groups.set(key, { place, elements: [element] });
    }
  }
  return Array.from(groups.values(), ({ place, elements }) => ({
    ...place,
    decision: strictest(elements),
    lines: linesOf(elements),
  }));
}

/** Returns the strictest decision of elements at one place. */
export function strictest(elements: readonly Pick<ExplainedElement, 'decision'>[]): RuleDecision {
  const decisions = new Set(elements.map(({ decision }) => decision));
  if (decisions.has('DENY')) return 'DENY';
  return decisions.has('DEPENDS') || !decisions.has('ALLOW') ? 'DEPENDS' : 'ALLOW';
}

function linesOf(elements: readonly ExplainedElement[]): readonly string[] {
  const lines = new Set<string>();
  for (const { coordinate, decision, rules } of elements) {
    const { sign, words } = decisionWords(decision);
    lines.add(`${sign} ${coordinate}: ${decision === 'DEPENDS' ? words : `this caller ${words}`}`);
    for (const rule of rules) {
      lines.add(ruleSentence(rule));
      const lacks = missingOfRule(rule.missing);
      if (lacks !== '') lines.add(`Missing: ${lacks}`);
    }
  }
  const shown = [...lines].slice(0, maxLinesOfMark);
  return lines.size > shown.length ? [...shown, `… and ${lines.size - shown.length} more lines`] : shown;
}

/**
 * Writes plain text in Markdown, for the editor's hover. Every punctuation character is escaped, so that a text that a
 * module or a token wrote makes no link, no image and no element.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}
