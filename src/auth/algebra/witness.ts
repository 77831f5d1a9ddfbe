import { anonymous, type Principal } from '../../principal.ts';
import { decideRequirement } from '../decide/decide.ts';
import {
  type Condition,
  isSameOwner,
  isSamePolicy,
  type OwnerQuestion,
  type PolicyQuestion,
  requirementOf,
} from './condition.ts';
import { type UnmetClaim, witnessClaims } from './witness-claims.ts';

/** A caller, a time, and the outcomes of all owners and policies. Together they decide every rule. */
export interface Witness {
  /** The verifier did not make this principal. Therefore the guard does not accept it, only `decide` does. */
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The questions to owners that hold. All others do not hold. */
  readonly owners: readonly OwnerQuestion[];
  /** The questions to policies that the policy allows. It denies all others. */
  readonly policies: readonly PolicyQuestion[];
}

/** One part of a condition that must not hold. */
export type Unmet =
  | { readonly kind: 'scope'; readonly scope: string }
  | { readonly kind: 'owner'; readonly owner: OwnerQuestion }
  | { readonly kind: 'policy'; readonly policy: PolicyQuestion }
  | UnmetClaim;

/** Whether a condition lets in a caller, for the outcomes of a witness. */
export function letsIn(condition: Condition, { principal, now, owners, policies }: Witness): boolean {
  if (!condition.token) return true;
  if (principal.kind === 'anonymous') return false;
  return (
    decideRequirement(requirementOf(condition), principal, now) !== 'deny' &&
    condition.owners.every((owner) => owners.some((other) => isSameOwner(owner, other))) &&
    condition.policies.every((policy) => policies.some((other) => isSamePolicy(policy, other)))
  );
}

/** Returns the parts of a condition. The condition does not hold if one of them does not hold. */
export function partsOf({ scopes, claims, owners, policies, maxAge, acr }: Condition): readonly Unmet[] {
  return [
    ...scopes.map((scope): Unmet => ({ kind: 'scope', scope })),
    ...claims.map((rule): Unmet => ({ kind: 'claim', rule })),
    ...owners.map((owner): Unmet => ({ kind: 'owner', owner })),
    ...policies.map((policy): Unmet => ({ kind: 'policy', policy })),
    ...(maxAge === null ? [] : [{ kind: 'maxAge', seconds: maxAge } as const]),
    ...(acr === null ? [] : [{ kind: 'acr', values: acr } as const]),
  ];
}

/**
 * Makes a caller who satisfies a condition and none of `unmet`.
 *
 * @param now - milliseconds since the epoch. The witness has another time if a claim needs it
 * @returns null if there is no such caller
 */
export function witnessOf(condition: Condition, unmet: readonly Unmet[], now: number): Witness | null {
  const { scopes, owners, policies } = condition;
  if (!condition.token) return { principal: anonymous, now, owners: [], policies: [] };
  const isMet = unmet.some(
    (part) =>
      (part.kind === 'scope' && scopes.includes(part.scope)) ||
      (part.kind === 'owner' && owners.some((owner) => isSameOwner(owner, part.owner))) ||
      (part.kind === 'policy' && policies.some((policy) => isSamePolicy(policy, part.policy))),
  );
  const found = isMet ? null : witnessClaims(condition, unmet.filter(isOfClaims), now);
  if (!found) return null;
  const principal: Principal = {
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: 'witness',
    clientId: 'witness-client',
    accountId: 'witness-account',
    scopes: new Set(scopes),
    expiresAt: Math.ceil(found.now / 1000) + 300,
    claims: found.claims,
  };
  return { principal, now: found.now, owners, policies };
}

function isOfClaims(part: Unmet): part is UnmetClaim {
  return part.kind === 'claim' || part.kind === 'maxAge' || part.kind === 'acr';
}
