import type { ClaimRule } from './claim.ts';
import type { OwnerElement, Requirement, Rule } from './rule.ts';
import { printAlternatives } from './scope.ts';

/**
 * Writes in words what a rule requires. The text continues the word "Requires", and has no full stop. Names are in
 * backticks, as in Markdown.
 */
export function wordsOfRule({ requirement, anyOf }: Pick<Rule, 'requirement' | 'anyOf'>): string {
  const own = wordsOfRequirement(requirement);
  const alternatives = anyOf.map((alternative) => joinWords(wordsOfRequirement(alternative)));
  if (alternatives.length === 0) return joinWords(own);
  const any = alternatives.length > 1 ? `one of: ${alternatives.join(', or ')}` : alternatives.join('');
  return joinWords([...own, any]);
}

/** Joins the parts of a requirement. Without a part, a valid access token is enough. */
export function joinWords(parts: readonly string[]): string {
  return parts.length === 0 ? 'a valid access token' : parts.join(' and ');
}

/** Writes each part of a requirement in words. */
export function wordsOfRequirement({ scope, claims, owner, policies, maxAge, acr }: Requirement): readonly string[] {
  const scopes = printAlternatives(scope);
  return [
    ...(scopes.length > 0 ? [`the scope ${either(scopes)}`] : []),
    ...claims.map(wordsOfClaim),
    ...(owner ? [wordsOfOwner(owner)] : []),
    ...policies.map((name) => `the policy ${code(name)}`),
    ...(maxAge === null ? [] : [`authentication at most ${maxAge} seconds ago`]),
    ...(acr === null ? [] : [`the authentication context ${either(acr)}`]),
  ];
}

/** Writes in words what an owner is. */
export function wordsOfOwner({ kind, name }: OwnerElement): string {
  return `to be the owner (${code(kind === 'argument' ? `$${name}` : name)})`;
}

/** Writes a condition on a claim in words. */
export function wordsOfClaim(rule: ClaimRule): string {
  const claim = `the claim ${code(rule.claim.join('.'))}`;
  switch (rule.operator) {
    case 'oneOf':
      return `${claim} equal to ${either(rule.values)}`;
    case 'contains':
      return `${claim} containing ${code(rule.value)}`;
    case 'exists':
    default:
      return claim;
  }
}

function either(texts: readonly string[]): string {
  return texts.map(code).join(' or ');
}

function code(text: string): string {
  return `\`${text}\``;
}
