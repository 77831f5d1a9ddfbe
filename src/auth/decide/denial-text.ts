import type { Principal } from '../../principal.ts';
import type { Denial, DenialCode, DenialReason } from './denial.ts';

/**
 * Writes the error message of denials. The message describes the first denied element, counts the other denied fields,
 * and tells the caller what to do.
 */
export function describeDenials(
  code: DenialCode,
  [first, ...others]: readonly [Denial, ...Denial[]],
  principal: Principal,
): string {
  const more =
    others.length > 0
      ? ` So ${others.length === 1 ? 'does one other field' : `do ${others.length} other fields`} of this operation.`
      : '';
  const { selection, reason, requiredScopes = [] } = first;
  const coordinate = first.coordinate ?? (selection?.join('.') || 'This');
  const needed = requiredScopes.map((scopes) => `"${scopes}"`).join(' or ');
  if (code === 'UNAUTHENTICATED') {
    return `${coordinate} needs an access token${needed && ` with the scope ${needed}`}.${more} Send one in the Authorization header.`;
  }
  if (code === 'STEP_UP_REQUIRED') {
    return `${coordinate} needs the person to authenticate again${stepUp(first)}.${more} Get a token that says so.`;
  }
  if (reason !== undefined) {
    const otherwise = needed ? ` The scope ${needed} would allow it too.` : '';
    return `${reasonTexts[reason](coordinate)}${otherwise}${more}`;
  }
  if (!needed || lacksNothing(requiredScopes, principal)) {
    return `The access token does not allow what ${coordinate} holds here.`;
  }
  return `${coordinate} needs the scope ${needed}, which the access token lacks.${more} Get a token with it.`;
}

const reasonTexts: Readonly<Record<DenialReason, (coordinate: string) => string>> = {
  owner: (coordinate) => `${coordinate} is for its owner, and the access token stands for another account or for none.`,
  policy: (coordinate) => `A policy of the server does not allow ${coordinate} here.`,
  claims: (coordinate) => `${coordinate} needs other claims than the access token has.`,
};

function stepUp({ maxAge, acrValues }: Denial): string {
  const age = maxAge === undefined ? '' : `, at most ${maxAge} seconds ago`;
  return acrValues === undefined ? age : `${age}, in the context ${acrValues.map((acr) => `"${acr}"`).join(' or ')}`;
}

/** Whether the principal has all scopes of one alternative. */
function lacksNothing(requiredScopes: readonly string[], principal: Principal): boolean {
  if (principal.kind === 'anonymous') return false;
  return requiredScopes.some((scopes) => scopes.split(' ').every((scope) => principal.scopes.has(scope)));
}
