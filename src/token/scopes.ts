import { type ClaimPath, claimAt } from './claim-path.ts';
import type { Issuer } from './issuer.ts';
import { refused } from './refusal.ts';

/** How an issuer's roles or groups become scopes: those that are not named here become none. */
export interface RolesTable {
  /** Where they are: a text, or an array of texts. */
  readonly claim: ClaimPath;
  /** The scopes that each gives. Names are compared as exact strings. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

/**
 * The scopes that a token grants: what its scope claims say, together, and what the tables make of its roles.
 *
 * @throws ClaimgateError `INVALID_TOKEN` where one of these claims is neither a text nor an array of texts
 */
export function readScopes(
  payload: Readonly<Record<string, unknown>>,
  { scopeClaims, roles }: Pick<Issuer, 'scopeClaims' | 'roles'>,
): ReadonlySet<string> {
  const scopes = new Set<string>();
  for (const claim of scopeClaims) {
    const value = claimAt(payload, [claim]);
    // RFC 6749 §3.3: scope tokens with a space between; an array has one in each element.
    for (const token of typeof value === 'string' ? value.split(' ') : texts(value, claim)) {
      if (token !== '') scopes.add(token);
    }
  }
  for (const table of roles) {
    const value = claimAt(payload, table.claim);
    for (const role of typeof value === 'string' ? [value] : texts(value, table.claim.join('.'))) {
      // A role may be called `constructor`.
      if (!Object.hasOwn(table.scopes, role)) continue;
      for (const scope of table.scopes[role] ?? []) scopes.add(scope);
    }
  }
  return scopes;
}

function texts(value: unknown, claim: string): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw refused(`its claim ${claim} is neither text nor an array of texts`);
  }
  return value;
}
