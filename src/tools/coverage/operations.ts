import { formOf } from '../../auth/algebra/form.ts';
import type { OperationNeeds } from '../explain/needs.ts';
import { type CallerScopes, hasOtherParts, type Passes } from './reach.ts';

/** One way to run an operation completely. */
export interface Running {
  /** Whether the caller needs a token. */
  readonly token: boolean;
  readonly scopes: readonly string[];
  /** Whether an owner, a policy, a claim, the authentication or the type of a value decides too. */
  readonly depends: boolean;
}

/** What an operation of a client needs, and whether the caller runs it. */
export interface OperationCoverage {
  readonly needs: OperationNeeds;
  readonly ways: readonly Running[];
  /** Whether there are more ways than the listed ones. */
  readonly isCapped: boolean;
  /** Whether no rule denies the caller a part of it, with all values of its variables. `null`: no caller was chosen. */
  readonly runs: Passes | null;
}

/** Finds how an operation runs completely, and whether a caller can do it. */
export function operationCoverage(needs: OperationNeeds, caller: CallerScopes | undefined): OperationCoverage {
  const form = formOf([...new Set(needs.elements.flatMap(({ rules }) => rules))]);
  const certain = form.alternatives.map((one) => ({
    token: one.token,
    scopes: one.scopes,
    depends: hasOtherParts(one),
  }));
  // The rules of some types hold only if a value has one of them.
  const ofSomeTypes = needs.elements.some(({ isForSomeTypes }) => isForSomeTypes)
    ? needs.leastScopes.map((scopes) => ({ token: needs.token, scopes, depends: true }))
    : [];
  const ways = [...certain, ...ofSomeTypes];
  const isCapped = form.isCapped || needs.isCapped;
  return { needs, ways, isCapped, runs: caller === undefined ? null : runs(ways, isCapped, caller) };
}

function runs(ways: readonly Running[], isCapped: boolean, scopes: CallerScopes): Passes {
  const open = ways.filter((way) => !way.token || (scopes !== null && way.scopes.every((scope) => scopes.has(scope))));
  if (open.some(({ depends }) => !depends)) return 'yes';
  return open.length > 0 || (isCapped && scopes !== null) ? 'depends' : 'no';
}
