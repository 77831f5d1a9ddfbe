import type { AlternativeKind } from '../rules/alternatives.ts';
import { acrFollows, claimFollows, joinClaims } from './claims.ts';
import { type Condition, isSameOwner, isSamePolicy } from './condition.ts';

/** How conditions are combined in a normal form. */
export const conditions: AlternativeKind<Condition> = { meet, covers, sizeOf };

/** Returns the condition in which both conditions hold. `null`: no caller can satisfy both. */
function meet(one: Condition, other: Condition): Condition | null {
  const claims = joinClaims({
    claims: [...one.claims, ...other.claims],
    maxAge: smaller(one.maxAge, other.maxAge),
    acr: one.acr && other.acr ? one.acr.filter((value) => other.acr?.includes(value)) : (one.acr ?? other.acr),
  });
  if (!claims) return null;
  return {
    token: one.token || other.token,
    scopes: [...new Set([...one.scopes, ...other.scopes])],
    ...claims,
    owners: joined(one.owners, other.owners, isSameOwner),
    policies: joined(one.policies, other.policies, isSamePolicy),
  };
}

/** Whether a caller who satisfies `narrower` always satisfies `wider`. `false` may mean that this was not found. */
function covers(wider: Condition, narrower: Condition): boolean {
  if (wider.token && !narrower.token) return false;
  return (
    wider.scopes.every((scope) => narrower.scopes.includes(scope)) &&
    wider.owners.every((owner) => narrower.owners.some((other) => isSameOwner(owner, other))) &&
    wider.policies.every((policy) => narrower.policies.some((other) => isSamePolicy(policy, other))) &&
    (wider.maxAge === null || (narrower.maxAge !== null && narrower.maxAge <= wider.maxAge)) &&
    (wider.acr === null || acrFollows(wider.acr, narrower)) &&
    wider.claims.every((rule) => claimFollows(rule, narrower))
  );
}

function sizeOf({ scopes, claims, owners, policies, maxAge, acr }: Condition): number {
  const stepUp = (maxAge === null ? 0 : 1) + (acr === null ? 0 : 1);
  return scopes.length + claims.length + owners.length + policies.length + stepUp;
}

function smaller(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

function joined<Item>(
  some: readonly Item[],
  others: readonly Item[],
  isSame: (one: Item, other: Item) => boolean,
): readonly Item[] {
  return [...some, ...others].filter((item, at, all) => all.findIndex((other) => isSame(other, item)) === at);
}
