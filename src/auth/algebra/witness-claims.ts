import type { ClaimPath } from '../../protocol/claim-path.ts';
import { claimHolds, type ClaimRule } from '../rules/claim.ts';
import { acrPath, authTimePath, type ClaimConditions, isBelow, isSamePath, scalarsOf } from './claims.ts';

/** A condition on claims that must not hold. */
export type UnmetClaim =
  | { readonly kind: 'claim'; readonly rule: ClaimRule }
  | { readonly kind: 'maxAge'; readonly seconds: number }
  | { readonly kind: 'acr'; readonly values: readonly string[] };

/** Claims, and the time at which they satisfy conditions, in milliseconds since the epoch. */
export interface TimedClaims {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly now: number;
}

/**
 * Makes claims that satisfy all conditions and none of `unmet`. The conditions must be joined by `joinClaims`.
 *
 * @param now - milliseconds since the epoch. The result has another time if `auth_time` must have a given value
 * @returns null if there are no such claims
 */
export function witnessClaims(
  conditions: ClaimConditions,
  unmet: readonly UnmetClaim[],
  now: number,
): TimedClaims | null {
  const { maxAge } = conditions;
  const tooOld = unmet.flatMap((part) => (part.kind === 'maxAge' ? [part.seconds] : []));
  if (maxAge !== null && tooOld.some((seconds) => seconds >= maxAge)) return null;
  const forbidden = unmet.flatMap((part) => (part.kind === 'claim' ? [part.rule] : []));
  const paths = neededPaths(conditions);
  const isPresent = (path: ClaimPath): boolean =>
    paths.some((other) => isSamePath(other, path) || isBelow(other, path));
  if (forbidden.some(({ operator, claim }) => operator === 'exists' && isPresent(claim))) return null;

  const claims: Record<string, unknown> = {};
  for (const path of paths) {
    const value = possibleValues(conditions, path, forbidden, now).find((one) => !isForbidden(path, one, unmet));
    if (value === undefined) return null;
    setClaim(claims, path, value);
  }
  const { auth_time: authenticatedAt } = claims;
  // Without `maxAge`, the claim is absent or no number. Then the authentication is never recent enough.
  if (typeof authenticatedAt !== 'number' || maxAge === null) return { claims, now };
  return { claims, now: (authenticatedAt + maxAge) * 1000 }; // Exactly as old as `maxAge` allows.
}

/** Returns the paths that need a value. No path leads to a member of another one. */
function neededPaths({ claims, maxAge, acr }: ClaimConditions): readonly ClaimPath[] {
  const paths = [
    ...claims.map(({ claim }) => claim),
    ...(acr === null ? [] : [acrPath]),
    ...(maxAge === null ? [] : [authTimePath]),
  ];
  return paths.filter((path, at) => paths.findIndex((other) => isSamePath(other, path)) === at);
}

/**
 * Returns values of a claim that satisfy the conditions on it. If there is a value that also satisfies no condition of
 * `forbidden`, the list has such a value.
 */
function possibleValues(
  { claims, maxAge, acr }: ClaimConditions,
  path: ClaimPath,
  forbidden: readonly ClaimRule[],
  now: number,
): readonly unknown[] {
  if (acr && isSamePath(path, acrPath)) return acr;
  const here = claims.filter(({ claim }) => isSamePath(claim, path));
  const values = here.flatMap((rule) => (rule.operator === 'oneOf' ? rule.values.flatMap(scalarsOf) : []));
  if (maxAge !== null && isSamePath(path, authTimePath)) {
    if (values.length > 0) return values.filter((value) => typeof value === 'number');
    // Each text forbids at most one of these times.
    const texts = forbidden.flatMap((rule) => (rule.operator === 'oneOf' ? rule.values : []));
    return Array.from({ length: texts.length + 1 }, (_, at) => Math.ceil(now / 1000) - maxAge - at);
  }
  if (values.length > 0) return values;
  const items = here.flatMap((rule) => (rule.operator === 'contains' ? [rule.value] : []));
  return items.length > 0 ? [items] : ['any', {}];
}

/** Whether the value of a claim satisfies a condition that must not hold. */
function isForbidden(path: ClaimPath, value: unknown, unmet: readonly UnmetClaim[]): boolean {
  return unmet.some((part) => {
    switch (part.kind) {
      case 'acr':
        return isSamePath(path, acrPath) && typeof value === 'string' && part.values.includes(value);
      case 'claim':
        return isSamePath(path, part.rule.claim) && satisfiesRule(part.rule, value);
      case 'maxAge':
      default:
        return false; // The time decides.
    }
  });
}

function satisfiesRule(rule: ClaimRule, value: unknown): boolean {
  return claimHolds({ ...rule, claim: ['value'] }, { value });
}

/** Sets a claim. Its members are own members, even with a name such as `__proto__`. */
function setClaim(claims: Record<string, unknown>, path: ClaimPath, value: unknown): void {
  let target = claims;
  for (const [at, name] of path.entries()) {
    const own: unknown = Object.hasOwn(target, name) ? target[name] : undefined;
    const next = at === path.length - 1 ? value : (own ?? {});
    Object.defineProperty(target, name, { value: next, enumerable: true, configurable: true, writable: true });
    target = next as Record<string, unknown>; // Only objects are above another path.
  }
}
