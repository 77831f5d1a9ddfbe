import { claimAt } from '../../protocol/claim-path.ts';

/** A condition on one claim of the token. */
export type ClaimRule = {
  /** The path of the claim: the names of members, the outermost first. */
  readonly claim: readonly string[];
} & (
  | { readonly operator: 'oneOf'; readonly values: readonly string[] }
  | { readonly operator: 'contains'; readonly value: string }
  | { readonly operator: 'exists' }
);

/**
 * Whether the claims of a token satisfy a claim rule. A claim that is missing or has another type does not satisfy the
 * rule.
 */
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

/**
 * Returns the text of a string, a boolean or a safe integer. `null`: the value is of another type, or JSON may have
 * rounded the integer.
 */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : null;
}
