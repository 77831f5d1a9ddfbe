import { claimAt } from '../../protocol/claim-path.ts';
import type { Issuer } from '../issuers/issuer.ts';
import { refused } from '../refusal.ts';
import { scopesOfRoles } from '../issuers/roles.ts';
import { scopeTokens } from '../../protocol/scope.ts';

/**
 * Returns the scopes that a token grants. They are the scopes in all its scope claims, and the scopes of its roles.
 *
 * @throws ClaimgateError `INVALID_TOKEN` if a scope claim is neither a text nor an array of texts. A claim with roles
 * never causes an error
 */
export function readScopes(
  payload: Readonly<Record<string, unknown>>,
  { scopeClaims, roles }: Pick<Issuer, 'scopeClaims' | 'roles'>,
): ReadonlySet<string> {
  const scopes = new Set<string>();
  for (const claim of scopeClaims) {
    const value = claimAt(payload, [claim]);
    // A text holds scope tokens separated by spaces (RFC 6749 §3.3). An array has one scope token in each element.
    for (const token of typeof value === 'string' ? scopeTokens(value) : texts(value, claim)) {
      if (token !== '') scopes.add(token);
    }
  }
  for (const table of roles) {
    for (const scope of scopesOfRoles(payload, table)) scopes.add(scope);
  }
  return scopes;
}

function texts(value: unknown, claim: string): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw refused(`its claim ${claim} is neither text nor an array of texts`, { claim, reason: 'malformed' });
  }
  return value;
}
