import type { Principal } from '../../principal.ts';
import { anyOf, formOf } from '../algebra/form.ts';
import { missing } from '../algebra/missing.ts';
import type { Rule } from '../rules/rule.ts';
import type { MissingEvidence } from './explanation.ts';
import { scopesForAll } from './least-scopes.ts';

/**
 * Finds what a principal lacks for at least one of several lists of rules. All rules of the list must hold. The rules
 * may be SHADOW rules. If several alternatives would help, it takes the nearest. `null`: nothing is missing.
 */
export type FindMissing = (lists: readonly (readonly Rule[])[]) => MissingEvidence | null;

/**
 * Makes the function that finds what a principal lacks.
 *
 * @param now - milliseconds since the epoch
 */
export function createFindMissing(principal: Principal, now: number): FindMissing {
  // Rules with equal texts have equal requirements.
  const known = new Map<string, MissingEvidence | null>();
  return (lists) => {
    const key = JSON.stringify(lists.map((rules) => rules.map(({ source }) => source)));
    let evidence = known.get(key);
    if (evidence === undefined) {
      evidence = find(lists);
      known.set(key, evidence);
    }
    return evidence;
  };

  function find(lists: readonly (readonly Rule[])[]): MissingEvidence | null {
    // Only whether there is an owner counts here. Therefore all owners are one question.
    const forms = lists.map((rules) =>
      formOf(
        rules.map((rule) => ({ ...rule, mode: 'ENFORCE' })),
        () => '',
      ),
    );
    const found = missing(anyOf(forms), principal, now);
    if (!found) return null;
    const [nearest] = found;
    if (!nearest) return { ...nothing, token: principal.kind === 'anonymous' };
    return { ...nearest, claims: nearest.claims.map(({ claim }) => claim.join('.')) };
  }
}

/** Returns the evidence that is enough for all of the given. `null`: there is no evidence to join. */
export function joinMissing(all: readonly MissingEvidence[]): MissingEvidence | null {
  if (all.length === 0) return null;
  const scopes = all.flatMap(({ scopes: alternatives }) => (alternatives.length > 0 ? [alternatives] : []));
  const joined = scopesForAll(scopes.map((alternatives) => ({ alternatives, isCapped: false })));
  const ages = all.flatMap(({ maxAge }) => maxAge ?? []);
  return {
    token: all.some(({ token }) => token),
    scopes: joined.alternatives.filter(({ length }) => length > 0),
    claims: [...new Set(all.flatMap(({ claims }) => claims))],
    account: all.some(({ account }) => account),
    maxAge: ages.length > 0 ? Math.min(...ages) : null,
    acr: commonContexts(all.flatMap(({ acr }) => (acr ? [acr] : []))),
  };
}

/** Returns the contexts that all lists accept. If there are none, the contexts of the first list. */
function commonContexts([first, ...others]: readonly (readonly string[])[]): readonly string[] | null {
  if (!first) return null;
  const common = first.filter((context) => others.every((contexts) => contexts.includes(context)));
  return common.length > 0 ? common : first;
}

const nothing: MissingEvidence = { token: false, scopes: [], claims: [], account: false, maxAge: null, acr: null };
