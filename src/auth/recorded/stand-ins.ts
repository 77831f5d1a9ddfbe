import type { Principal, VerifiedPrincipal } from '../../principal.ts';
import { type AskedClaim, anyText, type ComparableRules, standInClaim } from './comparable-rules.ts';
import type { RecordedCaller } from './recorded-caller.ts';

/**
 * Principals that stand for a recorded caller. `least` has only what is known of the caller. `most` also has all that is not
 * known. Rules have no negation. Therefore a rule that decides the same for both decides the same for the caller.
 */
export interface StandIns {
  /** The verifier did not make this principal. Therefore the guard does not accept it, only `decide` does. */
  readonly least: Principal;
  /** `null`: everything that the rules ask is known. */
  readonly most: Principal | null;
}

/**
 * Makes the principals that stand for a recorded caller, for rules that `comparableRules` made with the same key.
 *
 * @param now - the time of the decision, in milliseconds since the epoch
 */
export function standIns(caller: RecordedCaller, asked: ComparableRules, now: number): StandIns {
  const known = claimsOf(caller);
  const open = unknownClaims(caller, asked.claims);
  const [above, atMost] = caller.age ?? [null, null];
  const isAgeOpen =
    above !== null && asked.ages.some((seconds) => seconds > above && (atMost === null || seconds < atMost));
  const least = principalOf(caller, caller.scopes, { ...known, ...ofAge(caller, now, (age) => age[1] ?? Infinity) });
  if (!isAgeOpen && open.size === 0 && !caller.moreScopes) return { least, most: null };
  const most = principalOf(caller, caller.moreScopes ? [...caller.scopes, ...asked.scopes] : caller.scopes, {
    ...known,
    ...Object.fromEntries(open),
    // The age is above the first number.
    ...ofAge(caller, now, (age) => age[0] + 0.001),
  });
  return { least, most };
}

function principalOf(
  { account }: RecordedCaller,
  scopes: readonly string[],
  claims: Readonly<Record<string, unknown>>,
): VerifiedPrincipal {
  return {
    kind: 'account',
    issuer: '',
    subject: '',
    clientId: null,
    accountId: account ? 'the account of the caller' : null,
    scopes: new Set(scopes),
    expiresAt: Number.MAX_SAFE_INTEGER,
    claims,
  };
}

/** Returns the claims that answer what is known. Each operator has a claim of its own. */
function claimsOf({ claims, acr }: RecordedCaller): Readonly<Record<string, unknown>> {
  const known: [string, unknown][] = claims.flatMap((claim): [string, unknown][] => [
    [standInClaim('exists', claim.path), true],
    ...(claim.kind === 'text' ? [[standInClaim('oneOf', claim.path), claim.text] satisfies [string, unknown]] : []),
    ...(claim.kind === 'list' ? [[standInClaim('contains', claim.path), claim.texts] satisfies [string, unknown]] : []),
  ]);
  return Object.fromEntries(acr === null ? known : [...known, ['acr', acr]]);
}

/** Returns the claims that satisfy every rule on what is not known of the caller. */
function unknownClaims(
  { claims, moreClaims }: RecordedCaller,
  asked: readonly AskedClaim[],
): ReadonlyMap<string, unknown> {
  const kinds = new Map(claims.map(({ path, kind }) => [path, kind]));
  const open = new Map<string, unknown>();
  for (const { paths, contained } of asked) {
    const path = paths.at(-1) ?? '';
    const isKnown = kinds.has(path) && kinds.get(path) !== 'hidden';
    const isBelowHidden = paths.some((one) => kinds.get(one) === 'hidden');
    if (isKnown || !(isBelowHidden || moreClaims)) continue;
    open.set(standInClaim('exists', path), true);
    open.set(standInClaim('oneOf', path), anyText);
    open.set(standInClaim('contains', path), contained);
  }
  return open;
}

function ofAge(
  { age }: RecordedCaller,
  now: number,
  secondsOf: (age: NonNullable<RecordedCaller['age']>) => number,
): Readonly<Record<string, unknown>> {
  return age === null ? {} : { auth_time: now / 1_000 - secondsOf(age) };
}
