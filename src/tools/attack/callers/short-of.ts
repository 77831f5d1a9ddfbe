import { type Condition, nothingNeeded } from '../../../auth/algebra/condition.ts';
import { conditions } from '../../../auth/algebra/conjunction.ts';
import { always, type NormalForm } from '../../../auth/algebra/form.ts';
import { partsOf, type Unmet, witnessOf } from '../../../auth/algebra/witness.ts';
import type { Judge } from '../verdict/judge.ts';
import { attacker, type Grants, type MakePrincipal, type Persona, type PersonaCaller } from './persona.ts';

/** The largest number of alternatives of a form, and of parts of one of them, that are tried. */
const most = { alternatives: 4, parts: 6 };
const tooOldSeconds = 3_600;
const issuerClaims: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'scope', 'cnf']);

/** A caller without what the attack makes of it. */
interface Draft {
  readonly name: string;
  readonly caller: PersonaCaller | null;
  readonly grants: Grants;
}

const noGrants: Grants = { owners: new Set(), policies: new Set() };

/** Finds personas for a place, from the rules on the way to it and its own rules. */
export interface FindPersonas {
  /** A persona whom all rules let in. `null`: there is none, or no token can be made for it. */
  readonly within: (way: NormalForm, place: NormalForm) => Persona | null;
  /**
   * Personas whom the rules of the place do not let in: each lacks one part of them. Those whom the rules on the way let in
   * are first.
   */
  readonly shortOf: (way: NormalForm, place: NormalForm) => readonly Persona[];
}

/** Makes the function that finds personas whose tokens can be made at will. */
export function mintedPersonas(judge: Judge, makePrincipal: MakePrincipal, clock: () => number): FindPersonas {
  const made = new Map<string, Persona>();
  const persona = ({ name, caller, grants }: Draft): Persona => {
    const key = JSON.stringify([caller, [...grants.owners], [...grants.policies]]);
    let found = made.get(key);
    if (!found) made.set(key, (found = { name, caller, grants, principal: makePrincipal(caller) }));
    return found;
  };
  return {
    within(way, place) {
      for (const [whole] of joined(way, place)) {
        const caller = callerWith(whole, clock());
        if (caller === undefined) continue;
        const found = persona({ name: 'with all that the rules require', caller, grants: grantsOf(whole) });
        if (judge.opensForm(place, found) === 'yes' && judge.opensForm(way, found) === 'yes') return found;
      }
      return null;
    },
    shortOf(way, place) {
      const drafts: Draft[] = [
        ...joined(way, place).flatMap(([whole, own]) =>
          partsOf(own)
            .slice(0, most.parts)
            .flatMap((part) => without(whole, part, clock())),
        ),
        { name: 'without a token', caller: null, grants: noGrants },
        { name: 'with a token without scopes', caller: { account: attacker }, grants: noGrants },
      ];
      const found = [...new Set(drafts.map(persona))].filter((one) => judge.opensForm(place, one) === 'no');
      const passing = new Set(found.filter((one) => judge.opensForm(way, one) === 'yes'));
      return [...passing, ...found.filter((one) => !passing.has(one))];
    },
  };
}

/** Joins each alternative of the way with each one of the place. */
function joined(way: NormalForm, place: NormalForm): readonly (readonly [whole: Condition, own: Condition])[] {
  const ways = way === always ? [nothingNeeded] : way.alternatives.slice(0, most.alternatives);
  return ways.flatMap((one) =>
    place.alternatives.slice(0, most.alternatives).flatMap((own) => {
      const whole = conditions.meet(one, own);
      return whole ? [[whole, own] as const] : [];
    }),
  );
}

/** Makes callers who have all parts of a condition except one. */
function without(whole: Condition, part: Unmet, now: number): readonly Draft[] {
  const grants = grantsOf(whole);
  const draft = (name: string, condition: Condition, change: Partial<PersonaCaller> = {}): readonly Draft[] => {
    const caller = callerWith(condition, now);
    return caller ? [{ name, caller: { ...caller, ...change }, grants }] : [];
  };
  switch (part.kind) {
    case 'scope': {
      const scopes = whole.scopes.filter((one) => one !== part.scope);
      const condition = { ...whole, scopes };
      return [
        ...draft(`without the scope \`${part.scope}\``, condition),
        ...draft(`with scopes like \`${part.scope}\``, condition, { scopes: [...scopes, ...similar(part.scope)] }),
      ];
    }
    case 'claim': {
      const condition = { ...whole, claims: whole.claims.filter((one) => one !== part.rule) };
      const path = part.rule.claim.join('.');
      const { rule } = part;
      const value = rule.operator === 'contains' ? rule.value : rule.operator === 'oneOf' ? rule.values[0] : undefined;
      const caller = value === undefined ? undefined : callerWith(condition, now);
      const [name = ''] = rule.claim;
      const canSet =
        caller && rule.claim.length === 1 && !issuerClaims.has(name) && !['sub', 'client_id'].includes(name);
      return [
        ...draft(`without the claim \`${path}\``, condition),
        ...(canSet
          ? draft(`with a claim like \`${path}\``, condition, { claims: { ...caller.claims, [name]: `${value}-x` } })
          : []),
      ];
    }
    case 'owner': {
      const owners = new Set([...grants.owners].filter((name) => name !== part.owner.name));
      const caller = callerWith(whole, now);
      if (!caller) return [];
      return [
        { name: `not the owner in \`${part.owner.name}\``, caller, grants: { ...grants, owners } },
        { name: 'an application without an account', caller: { ...caller, account: null }, grants },
      ];
    }
    case 'policy': {
      const policies = new Set([...grants.policies].filter((name) => name !== part.policy.name));
      const caller = callerWith(whole, now);
      return caller
        ? [{ name: `denied by the policy \`${part.policy.name}\``, caller, grants: { ...grants, policies } }]
        : [];
    }
    case 'maxAge':
      return [
        ...draft('with an authentication that is too old', whole, {
          authenticatedSecondsAgo: part.seconds + tooOldSeconds,
        }),
        ...draft('without a time of authentication', { ...whole, maxAge: null }),
      ];
    case 'acr':
    default:
      return [
        ...draft('without an authentication context', { ...whole, acr: null }),
        ...draft('with another authentication context', { ...whole, acr: null }, { acr: `${part.values[0]}-x` }),
      ];
  }
}

/** Returns scopes that a loose comparison takes for another one. */
function similar(scope: string): readonly string[] {
  const shorter = scope.slice(0, -1);
  const [first = ''] = scope.split(/[:.]/, 1);
  return [`${scope}-x`, scope.toUpperCase(), scope.toLowerCase(), shorter, first, `x${scope}`].filter(
    (one) => one !== '' && one !== scope,
  );
}

function grantsOf({ owners, policies }: Condition): Grants {
  return {
    owners: new Set(owners.map(({ name }) => name)),
    policies: new Set(policies.map(({ name }) => name)),
  };
}

/** Returns a caller who satisfies a condition. `null`: without a token. `undefined`: no token can be made for it. */
function callerWith(condition: Condition, now: number): PersonaCaller | null | undefined {
  if (!condition.token) return { account: attacker };
  const witness = witnessOf(condition, [], now);
  if (witness?.principal.kind !== 'account') return undefined;
  const { sub, client_id: application, acr, auth_time: _authenticated, ...claims } = witness.principal.claims;
  if (Object.keys(claims).some((name) => issuerClaims.has(name))) return undefined;
  if (![sub, application, acr].every((value) => value === undefined || typeof value === 'string')) return undefined;
  return {
    account: typeof sub === 'string' ? sub : attacker,
    ...(typeof application === 'string' && { application }),
    ...(condition.scopes.length > 0 && { scopes: condition.scopes }),
    ...(Object.keys(claims).length > 0 && { claims }),
    ...(typeof acr === 'string' && { acr }),
    ...(condition.maxAge !== null && { authenticatedSecondsAgo: 0 }),
  };
}
