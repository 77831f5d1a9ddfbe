import { claimAt } from '../../protocol/claim-path.ts';

/** What a claim of the token must be. */
export type ClaimRule = {
  /** Names of members, from the outside in. */
  readonly claim: readonly string[];
} & (
  | { readonly operator: 'oneOf'; readonly values: readonly string[] }
  | { readonly operator: 'contains'; readonly value: string }
  | { readonly operator: 'exists' }
);

/** Whether the claims of a token are as a rule has them. What is not there, or of another type, is not. */
export function claimHolds(rule: ClaimRule, claims: Readonly<Record<string, unknown>>): boolean {
  const value = claimAt(claims, rule.claim);
  switch (rule.operator) {
    case 'oneOf': {
      const text = textOf(value);
      return text !== null && rule.values.includes(text);
    }
    case 'contains':
      return Array.isArray(value) && value.some((item) => textOf(item) === rule.value);
    case 'exists':
    default:
      return value !== undefined && value !== null;
  }
}

/** Of a string, a boolean or a number that JSON does not round; `null` for anything else. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : null;
}
