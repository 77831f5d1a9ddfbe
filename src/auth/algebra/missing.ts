import type { Principal } from '../../principal.ts';
import { accountIdOfPrincipal, decideRequirement } from '../decide/decide.ts';
import { type ClaimRule, claimHolds } from '../rules/claim.ts';
import { scopesForSome } from '../rules/least-scopes.ts';
import type { Requirement } from '../rules/rule.ts';
import type { ScopeAlternatives } from '../rules/scope.ts';
import type { Condition } from './condition.ts';
import type { NormalForm } from './form.ts';

/** What a principal lacks for an alternative of a normal form, or for several that differ only in their scopes. */
export interface Missing {
  /** Whether the caller has no token. Then all conditions of the alternative are missing. */
  readonly token: boolean;
  /** Alternative sets of scopes to add, the smallest first. Empty: no scope is missing. */
  readonly scopes: ScopeAlternatives;
  /** The conditions on claims that do not hold. */
  readonly claims: readonly ClaimRule[];
  /** Whether the rule has an owner, and the caller has no account. */
  readonly account: boolean;
  /** The maximum age of a new authentication, in seconds. `null`: the present authentication is recent enough. */
  readonly maxAge: number | null;
  /** The accepted contexts of a new authentication. `null`: the present context is accepted. */
  readonly acr: readonly string[] | null;
}

/**
 * Finds what a principal lacks so that a form does not deny it. Owners and policies are not counted, because only a
 * value decides them.
 *
 * The nearest is the first: without another account, then with the fewest other claims, then with the fewest scopes,
 * then without a new authentication, then with the longest `maxAge`. What the issuer can grant therefore comes first.
 *
 * @param now - milliseconds since the epoch
 * @returns null if nothing is missing. An empty list: no listed alternative exists, so no evidence helps
 */
export function missing(form: NormalForm, principal: Principal, now: number): readonly Missing[] | null {
  const lacking = form.alternatives.map((condition) => lackingFor(condition, principal, now));
  if (lacking.some(isComplete)) return null;
  const groups = Map.groupBy(lacking, (one) => JSON.stringify({ ...one, scopes: [] }));
  const found = [...groups.values()].flatMap((group): Missing[] => {
    const [first] = group;
    const { alternatives } = scopesForSome([{ alternatives: group.flatMap(({ scopes }) => scopes), isCapped: false }]);
    if (!first) return [];
    const scopes = alternatives.toSorted((a, b) => a.length - b.length).filter(({ length }) => length > 0);
    return [{ ...first, scopes }];
  });
  return found.toSorted((one, other) => {
    const [a, b] = [costs(one), costs(other)];
    return a.map((cost, at) => cost - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
  });
}

/** Finds what a principal lacks for one condition. `scopes` has one set, which may be empty. */
function lackingFor(condition: Condition, principal: Principal, now: number): Missing {
  const { token, scopes, claims, owners, maxAge, acr } = condition;
  if (principal.kind === 'anonymous') {
    return { token, scopes: [scopes], claims, account: owners.length > 0, maxAge, acr };
  }
  const fails = (part: Pick<Requirement, 'maxAge' | 'acr'>): boolean =>
    decideRequirement({ scope: [[]], claims: [], owner: null, policies: [], ...part }, principal, now) === 'deny';
  return {
    token: false,
    scopes: [scopes.filter((scope) => !principal.scopes.has(scope))],
    claims: claims.filter((rule) => !claimHolds(rule, principal.claims)),
    account: owners.length > 0 && accountIdOfPrincipal(principal) === null,
    maxAge: fails({ maxAge, acr: null }) ? maxAge : null,
    acr: fails({ maxAge: null, acr }) ? acr : null,
  };
}

function isComplete({ token, scopes, claims, account, maxAge, acr }: Missing): boolean {
  return (
    !token &&
    !account &&
    claims.length === 0 &&
    maxAge === null &&
    acr === null &&
    scopes.some((set) => set.length === 0)
  );
}

function costs({ account, claims, scopes, maxAge, acr }: Missing): readonly number[] {
  const stepUp = (maxAge === null ? 0 : 1) + (acr === null ? 0 : 1);
  return [account ? 1 : 0, claims.length, scopes[0]?.length ?? 0, stepUp, maxAge === null ? 0 : -maxAge];
}
