import { isRecord } from '../../protocol/record.ts';
import { isStrings } from '../../protocol/options/values.ts';
import { clockSkewMs } from '../decide/decide.ts';
import type { VerifiedPrincipal } from '../../principal.ts';
import type { CallerHash } from './hash.ts';
import type { PlainCaller } from './plain-caller.ts';

/** The HMACs of one claim: of its path, and of its text or of the items of its list. */
export type RecordedClaim = { readonly path: string } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  | { readonly kind: 'hidden' | 'other' }
);

/**
 * What is stored of a caller with a token: everything that a rule can ask, with each name and value as an HMAC. Owners and
 * policies need more, and depend on values that are not stored.
 */
export interface RecordedCaller {
  readonly account: boolean;
  readonly scopes: readonly string[];
  readonly claims: readonly RecordedClaim[];
  readonly acr: string | null;
  /**
   * The class of the age of the authentication, in seconds: more than the first number, at most the second. A second number
   * `null`: any age above the first. `null`: no age, so no `maxAge` is satisfied.
   */
  readonly age: AgeClass | null;
  readonly moreScopes: boolean;
  readonly moreClaims: boolean;
}

export type AgeClass = readonly [above: number, atMost: number | null];

const hour = 3_600;
const day = 24 * hour;
const ageBounds: readonly number[] = [60, 300, 900, 1_800, hour, 4 * hour, 12 * hour, day, 7 * day, 30 * day];

/**
 * Returns the class of the age of an authentication. `null`: the token does not say when the person authenticated, or says
 * a time in the future.
 *
 * @param now - milliseconds since the epoch
 */
export function ageClassOf({ claims }: VerifiedPrincipal, now: number): AgeClass | null {
  const { auth_time: at } = claims;
  if (typeof at !== 'number' || !(at * 1_000 <= now + clockSkewMs)) return null;
  const seconds = now / 1_000 - at;
  const index = ageBounds.findIndex((bound) => seconds <= bound);
  if (index === -1) return [ageBounds.at(-1) ?? 0, null];
  // The issuer's clock may be ahead, so that the age is below zero.
  return [ageBounds[index - 1] ?? -clockSkewMs / 1_000, ageBounds[index] ?? null];
}

/** Replaces each name and value of a caller by its HMAC. */
export function recordedCaller(plain: PlainCaller, age: AgeClass | null, hash: CallerHash): RecordedCaller {
  return {
    account: plain.account,
    scopes: plain.scopes.map((scope) => hash.scope(scope)),
    claims: plain.claims.map((claim): RecordedClaim => {
      const path = hash.path(claim.path);
      if (claim.kind === 'text') return { path, kind: 'text', text: hash.claim(claim.path, claim.text) };
      if (claim.kind === 'list')
        return { path, kind: 'list', texts: claim.texts.map((text) => hash.claim(claim.path, text)) };
      return { path, kind: claim.kind };
    }),
    acr: plain.acr === null ? null : hash.acr(plain.acr),
    age,
    moreScopes: plain.moreScopes,
    moreClaims: plain.moreClaims,
  };
}

/** Reads a stored caller. `null`: the text has another form, so nothing is known of the caller. */
export function readRecordedCaller(text: string): RecordedCaller | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isRecordedCaller(value) ? value : null;
}

function isRecordedCaller(value: unknown): value is RecordedCaller {
  if (!isRecord(value)) return false;
  const { account, scopes, claims, acr, age, moreScopes, moreClaims } = value;
  return (
    [account, moreScopes, moreClaims].every((one) => typeof one === 'boolean') &&
    isStrings(scopes) &&
    Array.isArray(claims) &&
    claims.every(isRecordedClaim) &&
    (acr === null || typeof acr === 'string') &&
    (age === null || isAgeClass(age))
  );
}

function isRecordedClaim(value: unknown): boolean {
  if (!isRecord(value) || typeof value['path'] !== 'string') return false;
  if (value['kind'] === 'text') return typeof value['text'] === 'string';
  if (value['kind'] === 'list') return isStrings(value['texts']);
  return value['kind'] === 'hidden' || value['kind'] === 'other';
}

function isAgeClass(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [above, atMost]: readonly unknown[] = value;
  return typeof above === 'number' && (atMost === null || typeof atMost === 'number');
}
