import type { MissingEvidence } from './explanation.ts';
import { duration, listed, scopeSet } from './words.ts';

/** The facts of a caller that decide whether a sign-in can help. */
export interface RemedyCaller {
  readonly kind: 'anonymous' | 'signed-in' | 'pasted';
  readonly scopes: readonly string[];
}

/** A finished sign-in: what was requested, and what was granted. */
export interface Attempt {
  readonly requested: readonly string[];
  readonly granted: readonly string[];
  readonly maxAge: number | null;
  readonly acr: readonly string[] | null;
}

/** One sign-in that would be enough. */
export interface RemedyChoice {
  /** The scopes that the caller does not have yet. */
  readonly added: readonly string[];
  /** All scopes of the request: those of the caller, and the added ones. */
  readonly requested: readonly string[];
  /** The words of the button. */
  readonly words: string;
}

/** What a person can do about what is missing. */
export interface Remedy {
  /** The sign-ins that help. Empty: no sign-in helps. */
  readonly choices: readonly RemedyChoice[];
  readonly maxAge: number | null;
  readonly acr: readonly string[] | null;
  /** Why a sign-in does not help, or helps only in part. */
  readonly reasons: readonly string[];
}

const nothing: Remedy = { choices: [], maxAge: null, acr: null, reasons: [] };

/** The scope with which this server shows the email address of an account. */
const labelScope = 'profile';

/** The largest number of choices that are shown. */
const maxChoices = 6;

/**
 * Finds the sign-ins that give a caller what an operation needs. A sign-in that was tried and gave less is not offered
 * again: its reason is returned instead.
 *
 * @param offered - the scopes that an application can request from this issuer. Empty: they are not known
 * @param attempts - the finished sign-ins of this caller
 */
export function remedyFor(
  missing: MissingEvidence | null,
  caller: RemedyCaller,
  { canSignIn, offered, attempts }: { canSignIn: boolean; offered: readonly string[]; attempts: readonly Attempt[] },
): Remedy {
  if (!missing) return nothing;
  const lasting = lastingReasons(missing, caller);
  const isStepUp = caller.kind !== 'anonymous' && (missing.maxAge !== null || missing.acr !== null);
  const sets = missing.scopes.length > 0 ? missing.scopes : [[]];
  const added = sets.map((set) => set.filter((scope) => !caller.scopes.includes(scope)));
  // A new caller also asks for `profile`, so that its label is an email address and not an account ID.
  const isNew = caller.kind !== 'signed-in';
  const held = isNew && offered.length > 0 ? caller.scopes.filter((scope) => offered.includes(scope)) : caller.scopes;
  const label = isNew && offered.includes(labelScope) ? [labelScope] : [];
  const helps = missing.token || isStepUp || added.some((set) => set.length > 0);
  if (!helps) return { ...nothing, reasons: lasting };
  if (!canSignIn)
    return { ...nothing, reasons: [...lasting, 'This page cannot sign in here. Paste a token that has it.'] };

  const reasons = new Set(lasting);
  if (caller.kind === 'pasted') reasons.add('A pasted token cannot get more. The sign-in adds another caller.');
  const possible = added.filter((set) => {
    const reason = refusedReason(set, offered, attempts);
    if (reason !== null) reasons.add(reason);
    return reason === null;
  });
  const stepUpReason = isStepUp ? refusedStepUp(missing, attempts) : null;
  if (stepUpReason !== null) reasons.add(stepUpReason);
  const onlyStepUp = !missing.token && added.some((set) => set.length === 0);
  if (stepUpReason !== null && onlyStepUp) return { ...nothing, reasons: [...reasons] };
  const distinct = [...new Map(possible.map((set) => [set.toSorted().join(' '), set])).values()];
  const shown = distinct.toSorted((a, b) => a.length - b.length).slice(0, maxChoices);
  const stepUp = { maxAge: missing.maxAge, acr: missing.acr };
  return {
    choices: shown.map((set) => ({
      added: set,
      requested: [...new Set([...held, ...set, ...label])],
      words: choiceWords(set, missing, caller),
    })),
    ...stepUp,
    reasons: [...reasons],
  };
}

/** Returns what this person cannot change by a sign-in. */
function lastingReasons(
  { token, scopes, claims, account, maxAge, acr }: MissingEvidence,
  caller: RemedyCaller,
): string[] {
  if (caller.kind === 'anonymous' && token) return [];
  if (!token && scopes.length === 0 && claims.length === 0 && !account && maxAge === null && acr === null) {
    return ['No token satisfies one of the rules.'];
  }
  return [
    ...(claims.length > 0
      ? [
          `The token does not have the value that a rule requires of the claim ${listed(claims)}. More scopes do not change a claim.`,
        ]
      : []),
    ...(account ? ['A rule is for the owner, and this token stands for no account of this server.'] : []),
  ];
}

/** Returns why a sign-in does not grant a set of scopes. `null`: the set was not refused yet. */
function refusedReason(
  set: readonly string[],
  offered: readonly string[],
  attempts: readonly Attempt[],
): string | null {
  const unknown = offered.length > 0 ? set.filter((scope) => !offered.includes(scope)) : [];
  if (unknown.length > 0) return `This server does not offer the scope ${listed(unknown)}.`;
  const refused = set.filter((scope) =>
    attempts.some(({ requested, granted }) => requested.includes(scope) && !granted.includes(scope)),
  );
  if (refused.length === 0) return null;
  return `The sign-in came back without ${listed(refused)}: the account lacks the role for it, the application may not have it, or it was not approved.`;
}

/** Returns why a new authentication does not help. `null`: it can help. */
function refusedStepUp({ maxAge, acr }: MissingEvidence, attempts: readonly Attempt[]): string | null {
  const [last] = attempts.filter((attempt) => attempt.acr !== null && acr !== null).slice(-1);
  if (acr && last?.acr && acr.every((value) => last.acr?.includes(value))) {
    return `The sign-in did not reach the authentication context ${listed(acr, 'or')}.`;
  }
  // A sign-in that is too old again after some time may be repeated. An age that no sign-in reaches may not.
  return maxAge !== null && maxAge <= 0
    ? 'A rule requires an authentication that is 0 s old. No sign-in is that fast.'
    : null;
}

function choiceWords(added: readonly string[], { token, maxAge, acr }: MissingEvidence, caller: RemedyCaller): string {
  const scopes = added.length === 0 ? '' : ` for ${scopeSet(added)}`;
  if (caller.kind === 'pasted') return `Sign in as another caller${scopes}`;
  if (caller.kind === 'anonymous' || token) return `Sign in${scopes}`;
  const stepUp = [
    ...(maxAge === null ? [] : [`valid for ${duration(maxAge)}`]),
    ...(acr && acr.length > 0 ? [`with ${listed(acr, 'or')}`] : []),
  ];
  if (stepUp.length === 0) return `Sign in again${scopes}`;
  return `Sign in again${scopes} (${stepUp.join(', ')})`;
}
