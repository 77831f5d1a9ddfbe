import type { Condition } from '../../auth/algebra/condition.ts';
import type { NormalForm } from '../../auth/algebra/form.ts';
import type { SchemaGraph } from './graph.ts';

/** The scopes of a caller whose token has no other claims. `null`: a caller without a token. */
export type CallerScopes = ReadonlySet<string> | null;

/**
 * Whether a caller passes a form. `depends`: an owner, a policy, a claim or the authentication decides too, or the form has
 * more alternatives than were listed.
 */
export type Passes = 'yes' | 'depends' | 'no';

/** Finds whether a caller passes a form. */
export function passes({ alternatives, isCapped }: NormalForm, scopes: CallerScopes): Passes {
  const within = alternatives.filter(
    (condition) => !condition.token || (scopes !== null && condition.scopes.every((scope) => scopes.has(scope))),
  );
  if (within.some((condition) => !hasOtherParts(condition))) return 'yes';
  return within.length > 0 || (isCapped && scopes !== null) ? 'depends' : 'no';
}

/** Whether a condition needs more than scopes. */
export function hasOtherParts({ claims, owners, policies, maxAge, acr }: Condition): boolean {
  return claims.length + owners.length + policies.length > 0 || maxAge !== null || acr !== null;
}

/** Finds the types that a caller reaches from the root types, by the number of the type. */
export function reachedTypes({ roots, ways, forms, types }: SchemaGraph, scopes: CallerScopes): readonly Passes[] {
  const ofForms = forms.map((form) => passes(form, scopes));
  const reached: Passes[] = types.map(() => 'no');
  const from = Map.groupBy(ways, (way) => way.from);
  // First what is certain, then the rest.
  for (const level of ['yes', 'depends'] as const) {
    const open = level === 'yes' ? [...roots] : reached.flatMap((state, at) => (state === 'yes' ? [at] : []));
    for (const at of roots) reached[at] = 'yes';
    for (const at of open) {
      for (const { to, form } of from.get(at) ?? []) {
        const way = ofForms[form];
        if (reached[to] !== 'no' || way === 'no' || (level === 'yes' && way !== 'yes')) continue;
        reached[to] = level;
        open.push(to);
      }
    }
  }
  return reached;
}
