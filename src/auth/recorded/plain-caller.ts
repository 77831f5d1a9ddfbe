import type { ClaimPath } from '../../protocol/claim-path.ts';
import { isRecord } from '../../protocol/record.ts';
import type { VerifiedPrincipal } from '../../principal.ts';
import { accountIdOfPrincipal } from '../decide/decide.ts';
import { textOf } from '../rules/claim.ts';

/**
 * One claim of a caller. `hidden`: it is present, and its value is not recorded. `other`: it is present, and has no value
 * that a rule can compare.
 */
export type PlainClaim = { readonly path: ClaimPath } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  | { readonly kind: 'hidden' | 'other' }
);

/** What rules can ask of a caller with a token, in clear. It is kept in memory only. */
export interface PlainCaller {
  readonly account: boolean;
  readonly scopes: readonly string[];
  readonly claims: readonly PlainClaim[];
  readonly acr: string | null;
  /** Whether the caller has more scopes than `scopes`. */
  readonly moreScopes: boolean;
  /** Whether the caller has more claims than `claims`. */
  readonly moreClaims: boolean;
}

/** The bounds of one caller. */
export const callerBounds = { scopes: 200, claims: 64, items: 64, texts: 256, depth: 4, characters: 256 } as const;

/**
 * The claims whose values are never recorded, because each person, session or token has its own. For `auth_time`, the class
 * of the age is recorded.
 */
const ofOneCaller: ReadonlySet<string> = new Set(
  (
    'sub jti iat exp nbf auth_time sid nonce at_hash c_hash s_hash cnf act may_act grant_id origin_jti session_state ' +
    'name given_name family_name middle_name nickname preferred_username username cognito:username profile picture ' +
    'website email phone_number birthdate address updated_at upn unique_name oid puid uti rh ipaddr'
  ).split(' '),
);

/**
 * Reads what rules can ask of a caller: the scopes, and the claims at all paths. It leaves out the subject, and every value
 * that is equal to it.
 *
 * @param isHidden - whether the value of a claim must not be recorded. Called with each text, or item of a list
 */
export function plainCaller(
  principal: VerifiedPrincipal,
  isHidden: (path: ClaimPath, text: string) => boolean,
): PlainCaller {
  const account = accountIdOfPrincipal(principal);
  const ofPerson = new Set([principal.subject, ...(account === null ? [] : [account])]);
  const claims: PlainClaim[] = [];
  let moreClaims = false;
  let count = 0;
  const open: { readonly path: ClaimPath; readonly value: unknown }[] = [{ path: [], value: principal.claims }];
  const isSecret = (path: ClaimPath, text: string): boolean =>
    text.length > callerBounds.characters || ofPerson.has(text) || isHidden(path, text);

  function read(path: ClaimPath, value: unknown): PlainClaim {
    const [name = ''] = path;
    if (path.length === 1 && ofOneCaller.has(name)) return { path, kind: 'hidden' };
    const text = textOf(value);
    if (text !== null) return isSecret(path, text) ? { path, kind: 'hidden' } : { path, kind: 'text', text };
    if (Array.isArray(value)) {
      const texts = [...new Set(value.slice(0, callerBounds.items + 1).flatMap((item) => textOf(item) ?? []))];
      if (value.length > callerBounds.items) return { path, kind: 'hidden' };
      // Each text is counted, so that the claim is hidden for all callers at the same time.
      const secret = texts.filter((item) => isSecret(path, item));
      count += texts.length;
      const isHere = secret.length === 0 && count <= callerBounds.texts;
      return isHere ? { path, kind: 'list', texts: texts.toSorted() } : { path, kind: 'hidden' };
    }
    if (!isRecord(value)) return { path, kind: 'other' };
    if (path.length >= callerBounds.depth) return { path, kind: 'hidden' };
    open.push({ path, value });
    return { path, kind: 'other' };
  }

  for (const { path, value } of open) {
    for (const [name, member] of isRecord(value) ? Object.entries(value).toSorted(byName) : []) {
      if (member === null || member === undefined) continue;
      if (claims.length >= callerBounds.claims || name.length > callerBounds.characters) moreClaims = true;
      else claims.push(read([...path, name], member));
    }
  }
  const scopes = [...principal.scopes].toSorted();
  const { acr } = principal.claims;
  return {
    account: account !== null,
    scopes: scopes.slice(0, callerBounds.scopes),
    claims,
    acr: typeof acr === 'string' ? acr : null,
    moreScopes: scopes.length > callerBounds.scopes,
    moreClaims,
  };
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
