import type { Principal } from '../../principal.ts';
import type { Decider, Decision } from '../decide/decide.ts';
import type { Rule } from '../rules/rule.ts';
import { wordsOfRule } from '../rules/words.ts';
import type { ExplainedElement, ExplainedRule, OperationExplanation, RuleDecision } from './explanation.ts';
import type { FindMissing } from './missing-evidence.ts';
import { pathOf, type WalkedField } from './walk.ts';

/** The elements of an explanation. */
export interface CollectedElements {
  add(field: WalkedField): void;
  /** @param isComplete - whether every field was added */
  collected(isComplete: boolean): Pick<OperationExplanation, 'elements' | 'elementsCapped'>;
}

/**
 * The largest number of elements in an explanation. The bound is needed because one field can return a value of many
 * types, and each of them can have a rule.
 */
const maxElements = 1_000;

/**
 * The largest number of characters in the elements of an explanation. The bound is needed because each element repeats
 * the response keys around it and the texts of its rules, and an answer can repeat the elements under aliases.
 */
const maxCharacters = 500_000;

/** Makes the object that collects the elements of an operation for a principal. */
export function collectElements(
  { rules, decide }: { readonly rules: readonly Rule[]; readonly decide: Decider },
  missing: FindMissing,
  principal: Principal,
): CollectedElements {
  const elements: ExplainedElement[] = [];
  const explained = new Map<number, ExplainedRule>();
  let characters = 0;
  let isCapped = false;

  function explainRule(id: number): readonly ExplainedRule[] {
    const rule = rules[id];
    if (!rule) return [];
    const known = explained.get(id);
    if (known) return [known];
    const { coordinate, source, mode } = rule;
    const decision = written[decide([id], principal)];
    const explanation: ExplainedRule = {
      coordinate,
      source,
      words: wordsOfRule(rule),
      decision,
      shadow: mode === 'SHADOW',
      missing: decision === 'DENY' ? missing([[rule]]) : null,
    };
    explained.set(id, explanation);
    return [explanation];
  }

  return {
    add(walked) {
      const { startToken } = walked.field.node.loc ?? {};
      for (const { coordinate, ids, decision } of walked.elements) {
        if (elements.length >= maxElements || isCapped) {
          isCapped = true;
          return;
        }
        const element: ExplainedElement = {
          coordinate,
          path: pathOf(walked),
          line: startToken?.line ?? 0,
          column: startToken?.column ?? 0,
          decision: written[decision],
          rules: ids.flatMap(explainRule),
        };
        characters += JSON.stringify(element).length;
        if (characters > maxCharacters) isCapped = true;
        else elements.push(element);
      }
    },
    collected(isComplete) {
      const inOrder = elements.toSorted((one, other) => one.line - other.line || one.column - other.column);
      return { elements: inOrder, elementsCapped: isCapped || !isComplete };
    },
  };
}

const written: Readonly<Record<Decision, RuleDecision>> = { allow: 'ALLOW', deny: 'DENY', depends: 'DEPENDS' };
