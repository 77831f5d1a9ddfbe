import type { AuditFact } from './facts.ts';

/** The largest number of UTF-16 units of `detail`. */
export const maxDetail = 500;

/** Returns the fact with each text cut to the limit of its column. */
export function boundedFact(fact: AuditFact): AuditFact {
  return {
    type: fact.type,
    outcome: fact.outcome,
    coordinate: clipped(fact.coordinate, 300),
    rule: clipped(fact.rule, 300),
    accountId: clipped(fact.accountId, 256),
    clientId: clipped(fact.clientId, 256),
    detail: clipped(fact.detail, maxDetail),
  };
}

/** Cuts a text to `maxLength` UTF-16 units, and replaces control characters and halves of surrogate pairs. */
function clipped(text: string | null, maxLength: number): string | null {
  return text === null
    ? null
    : text
        .slice(0, maxLength)
        .toWellFormed()
        .replaceAll(/\p{Cc}/gu, ' ');
}
