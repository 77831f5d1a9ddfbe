import type { Allowed } from '../diff/allow.ts';
import { writeForm } from '../diff/form-text.ts';
import type { ChangedField } from './compared-operation.ts';
import type { Finding, Replay } from './replay.ts';

/** The denials that a file does not accept, and the entries that cover none. */
export interface JudgedReplay {
  /** The fields at which requests would be denied anew, and which no entry covers. */
  readonly refused: readonly ChangedField[];
  /** How many requests would be denied anew at such a field. */
  readonly requests: number;
  /** One line for each entry that covers no denial. */
  readonly stale: readonly string[];
}

/** Whether an entry accepts that a field denies. It covers only the rule of the entry. */
export function isAccepted({ coordinate, after }: ChangedField, allowed: Allowed): boolean {
  return allowed.get(coordinate) === writeForm(after);
}

/** Whether a finding has a denial that no entry accepts. */
export function isRefused({ kind, fields }: Finding, allowed: Allowed): boolean {
  return kind === 'denied' && !fields.every((field) => isAccepted(field, allowed));
}

/** Compares the denials of a replay with the accepted ones. */
export function judgeReplay({ findings }: Replay, allowed: Allowed): JudgedReplay {
  const denied = findings.filter(({ kind }) => kind === 'denied').flatMap(({ fields }) => fields);
  const refused = denied.filter((field) => !isAccepted(field, allowed));
  const stale = [...allowed].flatMap(([coordinate, rule]) => {
    const found = denied.find((field) => field.coordinate === coordinate);
    if (!found) return [`${coordinate}: no request is denied anew; remove the entry`];
    if (isAccepted(found, allowed)) return [];
    return [`${coordinate}: accepted was "${rule}"; found "${writeForm(found.after)}", which is not accepted`];
  });
  return {
    refused: [...new Map(refused.map((field) => [field.coordinate, field])).values()],
    requests: findings.filter((one) => isRefused(one, allowed)).reduce((sum, one) => sum + one.requests, 0),
    stale,
  };
}
