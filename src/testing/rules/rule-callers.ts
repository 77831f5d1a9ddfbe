import type { Condition } from '../../auth/algebra/condition.ts';
import { witnessOf } from '../../auth/algebra/witness.ts';
import { isRecord } from '../../protocol/record.ts';
import type { TestCaller } from '../caller.ts';

/** A caller of a written test. `null`: the anonymous caller. */
export type RuleCaller = (Omit<TestCaller, 'authenticatedAt'> & { readonly authenticatedSecondsAgo?: number }) | null;

/** How much older than its rule allows a caller's authentication is, in seconds. */
const tooOldSeconds = 3_600;

/** How many scopes and how many claims of a condition are left out, one at a time. */
const mostParts = 16;

/**
 * Returns a caller who satisfies a condition. Owners and policies are left open.
 *
 * @param now - milliseconds since the epoch
 * @returns `undefined` if there is no such caller, or if `as` cannot make it: the condition is on a claim that only the
 * issuer sets
 */
export function callerWith(condition: Condition, now: number): RuleCaller | undefined {
  if (!condition.token) return null;
  const witness = witnessOf(condition, [], now);
  if (witness?.principal.kind !== 'account') return undefined;
  const { sub, client_id: application, acr, auth_time: authenticated, ...claims } = witness.principal.claims;
  if (Object.keys(claims).some((name) => issuerClaims.has(name))) return undefined;
  if (![sub, application, acr].every((value) => value === undefined || typeof value === 'string')) return undefined;
  if (authenticated !== undefined && typeof authenticated !== 'number') return undefined;
  return {
    ...(typeof sub === 'string' && { account: sub }),
    ...(typeof application === 'string' && { application }),
    ...(condition.scopes.length > 0 && { scopes: condition.scopes }),
    ...(Object.keys(claims).length > 0 && { claims }),
    ...(typeof acr === 'string' && { acr }),
    // The witness is as old as the rule allows. A test takes time, so this caller authenticated just now.
    ...(condition.maxAge !== null && { authenticatedSecondsAgo: 0 }),
  };
}

const issuerClaims: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'scope', 'cnf']);

/** Returns callers who lack exactly one part of a condition: a scope, a claim, the account, or the authentication. */
export function callersWithout(condition: Condition, now: number): readonly RuleCaller[] {
  const { scopes, claims, owners, maxAge, acr } = condition;
  const whole = callerWith(condition, now);
  const lesser: readonly Condition[] = [
    ...scopes.slice(0, mostParts).map((one) => ({ ...condition, scopes: scopes.filter((other) => other !== one) })),
    ...claims.slice(0, mostParts).map((one) => ({ ...condition, claims: claims.filter((other) => other !== one) })),
    ...(acr === null ? [] : [{ ...condition, acr: null }]),
    ...(maxAge === null ? [] : [{ ...condition, maxAge: null }]),
  ];
  const callers = lesser.map((less) => callerWith(less, now));
  if (isRecord(whole)) {
    if (owners.length > 0) callers.push({ ...whole, account: null });
    if (maxAge !== null) callers.push({ ...whole, authenticatedSecondsAgo: maxAge + tooOldSeconds });
  }
  return callers.filter((caller) => caller !== undefined);
}

/** Returns the argument of `as` for a caller. */
export function toTestCaller(caller: RuleCaller, now: number): TestCaller | null {
  if (caller === null) return null;
  const { authenticatedSecondsAgo, ...others } = caller;
  if (authenticatedSecondsAgo === undefined) return others;
  return { ...others, authenticatedAt: Math.floor(now / 1_000) - authenticatedSecondsAgo };
}

/** Writes a caller as the argument of `as`. The text calls `ago(seconds)` for the time of the authentication. */
export function writeCaller(caller: RuleCaller): string {
  if (caller === null) return 'null';
  const { scopes, authenticatedSecondsAgo, ...others } = caller;
  const members = [
    ...Object.entries({ ...others, ...(scopes !== undefined && { scopes: [scopes].flat().join(' ') }) }).map(
      ([name, value]) => `${name}: ${written(value)}`,
    ),
    ...(authenticatedSecondsAgo === undefined ? [] : [`authenticatedAt: ago(${authenticatedSecondsAgo})`]),
  ];
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Writes a JSON value as TypeScript. */
function written(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${memberName(name)}: ${written(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function memberName(name: string): string {
  // In an object literal, `__proto__` would set the prototype.
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** Writes a text as a literal with single quotes. No character of it can end the literal or the line. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
  return `'${escaped}'`;
}
