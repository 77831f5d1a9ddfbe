import type { ExplainedElement, Explanation, MissingEvidence, RuleDecision } from './explanation.ts';

/** The sign of a decision and its words. They make the decision readable without colour. */
export interface DecisionWords {
  readonly sign: string;
  readonly words: string;
}

const decisions: Readonly<Record<RuleDecision, DecisionWords>> = {
  ALLOW: { sign: '✓', words: 'may' },
  DENY: { sign: '✗', words: 'may not' },
  DEPENDS: { sign: '?', words: 'depends on the value' },
};

/** Returns the sign and the words of a decision. A decision that this page does not know counts as unknown. */
export function decisionWords(decision: RuleDecision): DecisionWords {
  return Object.hasOwn(decisions, decision) ? decisions[decision] : { sign: '?', words: 'unknown' };
}

/** Joins texts as a list of a sentence: `a, b and c`. */
export function listed(texts: readonly string[], last = 'and'): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} ${last} ${texts.at(-1)}`;
}

/** Writes a set of scopes. An empty set needs no scope. */
export function scopeSet(scopes: readonly string[]): string {
  return scopes.length === 0 ? 'no scope' : listed(scopes);
}

/** The sign of an outcome. */
export function outcomeSign({ outcome }: Explanation): string {
  return outcome === 'RUNS' ? '✓' : outcome === 'DEPENDS' ? '?' : '✗';
}

/** The outcome of an operation for a caller, as one sentence. */
export function outcomeSentence({ outcome, code, elements }: Explanation): string {
  const denied = elements.filter(({ decision }) => decision === 'DENY').length;
  const open = elements.filter(({ decision }) => decision === 'DEPENDS').length;
  if (outcome === 'RUNS' && elements.length === 1) return 'Runs: the guarded element is allowed.';
  const guarded = `${elements.length} guarded ${elements.length === 1 ? 'element' : 'elements'}`;
  switch (outcome) {
    case 'RUNS':
      return elements.length === 0 ? 'Runs: no rule guards it.' : `Runs: all ${guarded} are allowed.`;
    case 'RUNS_IN_PART':
      return `Runs in part: ${denied} of ${guarded} ${denied === 1 ? 'is' : 'are'} denied.`;
    case 'DEPENDS':
      return `Depends on the values: ${open} of ${guarded} ${open === 1 ? 'is' : 'are'} decided while it runs.`;
    case 'REFUSED':
      return `Refused: nothing of it runs${refusals[code ?? ''] ?? ''}.`;
    default:
      return 'The server gave an outcome that this page does not know.';
  }
}

/**
 * What the rules decide about an operation for a caller, as one sentence. It is for a server that runs only trusted
 * documents. The page does not know whether a text is trusted, so the sentence does not say that the operation runs.
 */
export function rulesSentence(explanation: Explanation): string {
  const { outcome, code, elements } = explanation;
  if (outcome === 'RUNS' && elements.length === 0) return 'No rule guards it.';
  if (outcome === 'REFUSED') return `The rules refuse all of it${refusals[code ?? ''] ?? ''}.`;
  return outcomeSentence(explanation).replace(/^(?:Runs|Runs in part|Depends on the values): /, 'By the rules, ');
}

const refusals: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: ', because it needs an access token',
  FORBIDDEN: ' for this caller',
  STEP_UP_REQUIRED: ' until the person signs in again',
};

/** The smallest sets of scopes of an operation, as one sentence. */
export function leastScopesSentence({ leastScopes, leastScopesCapped }: Explanation): string {
  const needed = leastScopes.filter((scopes) => scopes.length > 0);
  if (leastScopes.length === 0) return 'No scopes are enough for all of it.';
  if (needed.length < leastScopes.length) return 'No scope is needed for all of it.';
  return leastScopesCapped
    ? 'Least scopes for all of it (only the shortest alternatives are shown):'
    : `Least scopes for all of it${needed.length > 1 ? ', as alternatives' : ''}:`;
}

/** Writes what a caller lacks, one phrase for each part. Empty: nothing is known to be missing. */
export function missingPhrases(missing: MissingEvidence | null): readonly string[] {
  if (!missing) return [];
  const { token, scopes, claims, account, maxAge, acr } = missing;
  const sets = scopes.filter((set) => set.length > 0).map((set) => scopeSet(set));
  return [
    ...(token ? ['an access token'] : []),
    ...(sets.length > 0 ? [`the scope ${listed(sets, 'or')}`] : []),
    ...(claims.length > 0 ? [`the ${claims.length > 1 ? 'claims' : 'claim'} ${listed(claims)}`] : []),
    ...(account && !token ? ['an account: the token stands for an application alone or for another issuer'] : []),
    ...(maxAge === null ? [] : [`a sign-in that is at most ${duration(maxAge)} old`]),
    ...(acr === null || acr.length === 0 ? [] : [`the authentication context ${listed(acr, 'or')}`]),
  ];
}

/** Writes what a caller lacks for a rule. It leaves out a missing access token, which the pane names once, on top. */
export function missingOfRule(missing: MissingEvidence | null): string {
  return missing === null || missing.token ? '' : missingPhrases(missing).join('; ');
}

/** Writes a number of seconds with the unit that fits best. */
export function duration(seconds: number): string {
  const [size, unit]: [number, string] =
    seconds >= 3600 && seconds % 3600 === 0
      ? [3600, 'hour']
      : seconds >= 60 && seconds % 60 === 0
        ? [60, 'minute']
        : [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/**
 * What a screen reader says after a change: the outcome, and the elements that are denied.
 *
 * @param sentenceOf - writes the outcome
 */
export function announcement(explanation: Explanation, sentenceOf = outcomeSentence): string {
  const denied = [...new Set(deniedOf(explanation).map(({ coordinate }) => coordinate))];
  const shown = denied.slice(0, 5);
  const more = denied.length > shown.length ? `, and ${denied.length - shown.length} more` : '';
  return denied.length === 0
    ? sentenceOf(explanation)
    : `${sentenceOf(explanation)} Denied: ${shown.join(', ')}${more}.`;
}

function deniedOf({ elements }: Explanation): readonly ExplainedElement[] {
  return elements.filter(({ decision }) => decision === 'DENY');
}

/** Writes a rule as one sentence. */
export function ruleSentence({ words, shadow }: { readonly words: string; readonly shadow: boolean }): string {
  return shadow ? `Would require ${words}. It only reports (SHADOW).` : `Requires ${words}.`;
}

/** A part of a text: plain, or the code between two backticks. */
export interface TextPart {
  readonly text: string;
  readonly code: boolean;
}

/** Splits the words of a rule at their backticks. The parts are text, never markup. */
export function textParts(words: string): readonly TextPart[] {
  return words
    .split('`')
    .map((text, index, all) => ({ text, code: index % 2 === 1 && index < all.length - 1 }))
    .filter(({ text }) => text !== '');
}
