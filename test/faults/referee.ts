import type { Acknowledged, Ending, Facts } from './ledger.ts';

/** The longest time that a request may take, in milliseconds. */
export const longest = 10_000;

/** A scope that requires a role (src/identity/grants/scopes.ts). */
export const guardedScope = 'audit';

/** @returns every violation, described without secrets; empty if there is none */
export function judge(facts: Facts): string[] {
  const faults: string[] = [];
  for (const item of facts.singleUse) {
    const { kind, uses, account } = item;
    const yielded = uses.filter(({ outcome }) => outcome === 'tokens').length;
    if (yielded > 1) faults.push(`a ${kind} of ${account} yielded tokens ${yielded} times`);
    const [first] = uses;
    if (first?.outcome === 'refused' && first.at < item.expiresAt && !mayHaveEnded(facts, item, first.at))
      faults.push(`a ${kind} of ${account} was lost: it was refused at its first use, for no known reason`);
  }

  const probed = Map.groupBy(facts.probes, ({ token }) => token);
  for (const token of facts.tokens) {
    const probes = probed.get(token) ?? [];
    if (probes.length === 0) faults.push(`a token of ${token.account} was not looked at`);
    for (const { replica, status, at } of probes) {
      if (at >= token.expiresAt) continue;
      const where = `a token of ${token.account} got ${status ?? 'no answer'} at replica ${replica}`;
      if (hasEnded(facts, token, at)) {
        if (status !== 401) faults.push(`${where}, though what it came from has ended`);
      } else if (status !== 200 && !(status === 401 && mayHaveEnded(facts, token, at))) {
        faults.push(`${where}: it was acknowledged and is lost`);
      }
    }
  }

  if (facts.tooMany > 0) faults.push(`clients that guess nothing were refused ${facts.tooMany} times for guessing`);

  const slowest = facts.durations.reduce((a, b) => Math.max(a, b), 0);
  if (slowest > longest) faults.push(`a request took ${Math.round(slowest)} ms`);
  return faults;
}

/** What an ending can concern: an account, and the grant and scopes if they are known. */
type Subject = Pick<Acknowledged, 'account'> & { readonly grant?: string; readonly scopes?: readonly string[] };

function concerns({ of }: Ending, { account, grant, scopes }: Subject): boolean {
  if ('grant' in of) return of.grant === grant;
  // A code has no known scopes, so it may have the guarded one.
  return of.account === account && (scopes?.includes(guardedScope) ?? true);
}

/** Whether the subject may have ended: an ending that concerns it had begun. */
function mayHaveEnded({ endings }: Facts, subject: Subject, at: number): boolean {
  return endings.some((ending) => ending.begunAt <= at && concerns(ending, subject));
}

/** The time within which every replica learns of an ending, in milliseconds. */
const learning = 2_000;

/** Whether the subject must be refused: an ending that concerns it was acknowledged at least `learning` ago. */
function hasEnded({ endings }: Facts, subject: Subject, at: number): boolean {
  return endings.some(
    (ending) => ending.endedAt !== undefined && ending.endedAt + learning <= at && concerns(ending, subject),
  );
}
