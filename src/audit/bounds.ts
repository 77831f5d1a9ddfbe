import type { AuditFact } from './trail.ts';

/** The same fact, of which no text is longer than its column is meant for. */
export function bounded(fact: AuditFact): AuditFact {
  return {
    type: fact.type,
    outcome: fact.outcome,
    coordinate: clipped(fact.coordinate, 300),
    rule: clipped(fact.rule, 300),
    accountId: clipped(fact.accountId, 256),
    clientId: clipped(fact.clientId, 256),
    detail: clipped(fact.detail, 500),
  };
}

/** At most so many characters, none of them one that a log or a database could stumble over. */
function clipped(text: string | null, length: number): string | null {
  return text === null
    ? null
    : text
        .slice(0, length)
        .toWellFormed()
        .replaceAll(/\p{Cc}/gu, ' ');
}
