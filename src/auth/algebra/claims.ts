import type { ClaimRule } from '../rules/claim.ts';
import type { Condition } from './condition.ts';

/** The conditions of a token on its claims. `maxAge` and `acr` are conditions on `auth_time` and `acr`. */
export type ClaimConditions = Pick<Condition, 'claims' | 'maxAge' | 'acr'>;

/**
 * Joins conditions on claims. Conditions that another one implies are removed.
 *
 * @returns null if no claims can satisfy all conditions
 */
export function joinClaims({ claims, maxAge, acr }: ClaimConditions): ClaimConditions | null {
  if (acr?.length === 0) return null;
  let contexts = acr;
  const joined: ClaimRule[] = [];
  for (const [key, rules] of Map.groupBy(claims, pathKey)) {
    const values = rules.flatMap((rule) => (rule.operator === 'oneOf' ? [rule.values] : [])).reduce(common, null);
    const contained = rules.filter(({ operator }) => operator === 'contains');
    if (values?.length === 0 || (values && contained.length > 0)) return null;
    const [{ claim } = { claim: [] }] = rules;
    const isScalar = values !== null || contained.length > 0;
    const isParent = claims.some((other) => isBelow(other.claim, claim));
    if (isParent && isScalar) return null;
    if (key === acrKey && contexts) {
      if (isParent || contained.length > 0) return null;
      contexts = values ? common(contexts, values) : contexts;
    } else if (key === authTimeKey && maxAge !== null) {
      const numbers = values?.filter(isIntegerText) ?? null;
      if (isParent || contained.length > 0 || numbers?.length === 0) return null;
      if (numbers) joined.push({ claim, operator: 'oneOf', values: numbers });
    } else if (values) joined.push({ claim, operator: 'oneOf', values: [...new Set(values)] });
    else if (contained.length > 0) joined.push(...distinct(contained));
    else if (!isParent) joined.push({ claim, operator: 'exists' });
    // A member of `acr` needs an object there, and `acr` must be a string. The same applies to `auth_time`.
    if (contexts && isBelow(claim, acrPath)) return null;
    if (maxAge !== null && isBelow(claim, authTimePath)) return null;
  }
  return contexts?.length === 0 ? null : { claims: joined, maxAge, acr: contexts };
}

/** Whether claims that satisfy the conditions `given` also satisfy a claim rule. */
export function claimFollows(rule: ClaimRule, { claims, maxAge, acr }: ClaimConditions): boolean {
  const key = pathKey(rule);
  const same = claims.filter((other) => pathKey(other) === key);
  switch (rule.operator) {
    case 'oneOf':
      if (key === acrKey && acr && isSubset(acr, rule.values)) return true;
      return same.some((other) => other.operator === 'oneOf' && isSubset(other.values, rule.values));
    case 'contains':
      return same.some((other) => other.operator === 'contains' && other.value === rule.value);
    case 'exists':
    default:
      if ((key === acrKey && acr) || (key === authTimeKey && maxAge !== null)) return true;
      return same.length > 0 || claims.some(({ claim }) => isBelow(claim, rule.claim));
  }
}

/** Whether claims that satisfy the conditions `given` have one of these authentication contexts. */
export function acrFollows(accepted: readonly string[], { claims, acr }: ClaimConditions): boolean {
  if (acr && isSubset(acr, accepted)) return true;
  // `oneOf` also accepts a boolean or a number with this text. `acr` must be a string.
  return claims.some(
    (rule) =>
      rule.operator === 'oneOf' &&
      pathKey(rule) === acrKey &&
      rule.values.every((value) => scalarsOf(value).length === 1 && accepted.includes(value)),
  );
}

/** Returns the values of a claim that have this text: the string, and a boolean or an integer. */
export function scalarsOf(text: string): readonly (string | boolean | number)[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return isIntegerText(text) ? [text, Number(text)] : [text];
}

export const acrPath: readonly string[] = ['acr'];
export const authTimePath: readonly string[] = ['auth_time'];
const acrKey = JSON.stringify(acrPath);
const authTimeKey = JSON.stringify(authTimePath);

/** Returns a text that is equal only for equal paths. */
function pathKey({ claim }: Pick<ClaimRule, 'claim'>): string {
  return JSON.stringify(claim);
}

/** Whether two paths are equal. */
export function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => other[at] === name);
}

/** Whether a path leads to a member of the claim at another path. */
export function isBelow(path: readonly string[], parent: readonly string[]): boolean {
  return path.length > parent.length && parent.every((name, at) => path[at] === name);
}

function isIntegerText(text: string): boolean {
  return Number.isSafeInteger(Number(text)) && String(Number(text)) === text;
}

function common(one: readonly string[] | null, other: readonly string[]): readonly string[] {
  return one ? one.filter((value) => other.includes(value)) : other;
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((value) => all.includes(value));
}

function distinct(rules: readonly ClaimRule[]): readonly ClaimRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
