import type { Caller } from '../session/caller.ts';
import { textOfOthers } from '../session/text.ts';

/** Returns the time until a moment, in words. @param leftMs in milliseconds. Null: not known */
export function timeLeft(leftMs: number | null): string {
  if (leftMs === null) return 'time left not known';
  if (leftMs <= 0) return 'expired';
  const seconds = Math.ceil(leftMs / 1_000);
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h left` : `${Math.floor(hours / 24)} days left`;
}

/** Returns the state of a caller, in words. */
export function stateInWords({ kind, state, expiresAt }: Caller, now: number): string {
  if (kind === 'anonymous') return 'sends no Authorization header';
  if (state === 'ended') return 'ended';
  if (state === 'renewing') return 'is being renewed';
  return timeLeft(expiresAt === null ? null : expiresAt - now);
}

/** Returns how many scopes a caller has, in words. One is named. Empty: it has no token, or its label names them. */
export function scopesInWords({ kind, label, scopes }: Pick<Caller, 'kind' | 'label' | 'scopes'>): string {
  if (kind === 'anonymous' || label.endsWith(')')) return '';
  return scopes.length === 1 ? `${scopes[0]}` : scopes.length === 0 ? 'no scopes' : `${scopes.length} scopes`;
}

/** Returns what the bar says of a caller: its scopes, and its state if it needs attention. */
export function noteOfCaller(caller: Caller, now: number): string {
  const { kind, state, expiresAt } = caller;
  // The page renews the tokens of sign-ins by itself.
  const isSelfRenewing = kind === 'signed-in' && state === 'ready' && expiresAt !== null && expiresAt > now;
  return [scopesInWords(caller), ...(isSelfRenewing ? [] : [stateInWords(caller, now)])].filter(Boolean).join(' · ');
}

/**
 * Returns what a screen reader says about a change of the callers: who was added, who has ended, who was removed.
 * Renewals are not announced, because they happen every few minutes.
 *
 * @returns an empty string if nothing of this kind has changed
 */
export function changeInWords(before: readonly Caller[], after: readonly Caller[]): string {
  const sentences: string[] = [];
  for (const caller of after) {
    const earlier = before.find(({ id }) => id === caller.id);
    if (!earlier) sentences.push(`${caller.label} was added.`);
    if (caller.state === 'ended' && earlier?.state !== 'ended') {
      sentences.push(`${caller.label} has ended. ${caller.reason ?? ''}`.trim());
    } else if (earlier?.state === 'ended' && caller.state === 'ready') {
      sentences.push(`${caller.label} is signed in again.`);
    }
  }
  for (const { id, label } of before) {
    if (!after.some((caller) => caller.id === id)) sentences.push(`${label} was removed.`);
  }
  return sentences.join(' ');
}

/** The longest shown value of a claim, in characters. */
const maxClaimLength = 2_000;

/**
 * Returns the claims of a token for display, one on a line. A value is JSON on one line, shortened, so that a value with
 * deep nesting stays small.
 */
export function claimsInWords(claims: Readonly<Record<string, unknown>>): string {
  return Object.entries(claims)
    .map(([name, value]) => `${textOfOthers(name, 200)}: ${textOfOthers(jsonOf(value), maxClaimLength)}`)
    .join('\n');
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(nested too deeply)';
  }
}
