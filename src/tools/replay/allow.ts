import type { Allowed } from '../diff/allow.ts';
import { writeForm } from '../diff/form-text.ts';
import type { ChangedField } from './compared-operation.ts';
import type { Finding, Replay } from './replay.ts';
import { labelOfShape } from './traffic.ts';

/** The denials and the operations no longer valid that a file does not accept, and the entries that cover none. */
export interface JudgedReplay {
  /** The fields at which requests would be denied anew, and which no entry covers. */
  readonly refused: readonly ChangedField[];
  /** How many requests would be denied anew at such a field. */
  readonly requests: number;
  /** The findings of operations that are no longer valid, and which no entry covers. */
  readonly invalid: readonly Finding[];
  /** One line for each entry that covers nothing. */
  readonly stale: readonly string[];
}

/** Whether an entry accepts that a field denies. It covers only the rule of the entry. */
export function isAccepted({ coordinate, after }: ChangedField, allowed: Allowed): boolean {
  return allowed.get(coordinate) === writeForm(after);
}

/** What an entry has for an operation that may become not valid. Its key is the recorded document. */
export const acceptedInvalid = 'not valid';

/** Whether a finding fails the command if no entry accepts it. */
function isFailure({ kind, isNoLongerValid }: Finding): boolean {
  return kind === 'denied' || isNoLongerValid;
}

/** Whether a finding has a denial, or an operation no longer valid, that no entry accepts. */
export function isRefused(finding: Finding, allowed: Allowed): boolean {
  return isFailure(finding) && !isAcceptedFinding(finding, allowed);
}

/** Whether entries accept that requests are denied, or that their operation is no longer valid. */
export function isAcceptedFinding(finding: Finding, allowed: Allowed): boolean {
  if (finding.isNoLongerValid) return allowed.get(finding.shape.document) === acceptedInvalid;
  return finding.kind === 'denied' && finding.fields.every((field) => isAccepted(field, allowed));
}

/** Counts the requests of findings. */
export function requestsOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { requests }) => sum + requests, 0);
}

/**
 * Compares the denials and the operations no longer valid of a replay with the accepted ones.
 *
 * @param isPart - whether requests were left out, which the entries may be for
 */
export function judgeReplay({ findings }: Replay, allowed: Allowed, isPart = false): JudgedReplay {
  const advice = isPart ? ' among those that are not left out' : '; remove the entry';
  const isCovered = new Set(findings.filter((one) => one.isNoLongerValid).map(({ shape }) => shape.document));
  const denied = findings.filter(({ kind }) => kind === 'denied').flatMap(({ fields }) => fields);
  const refused = denied.filter((field) => !isAccepted(field, allowed));
  const stale = [...allowed].flatMap(([coordinate, rule]) => {
    // A document has braces, and a coordinate has none.
    if (coordinate.includes('{')) return staleDocument(coordinate, rule, isCovered.has(coordinate), advice);
    const found = denied.find((field) => field.coordinate === coordinate);
    if (!found) return [`${coordinate}: no request is denied anew${advice}`];
    if (isAccepted(found, allowed)) return [];
    return [`${coordinate}: accepted was "${rule}"; found "${writeForm(found.after)}", which is not accepted`];
  });
  return {
    refused: [...new Map(refused.map((field) => [field.coordinate, field])).values()],
    requests: requestsOf(findings.filter((one) => one.kind === 'denied' && isRefused(one, allowed))),
    invalid: findings.filter((one) => one.isNoLongerValid && isRefused(one, allowed)),
    stale,
  };
}

function staleDocument(document: string, value: string, isCovered: boolean, advice: string): readonly string[] {
  const name = labelOfShape({ name: null, document });
  if (!isCovered) return [`${name}: the operation becomes not valid for no request${advice}`];
  return value === acceptedInvalid ? [] : [`${name}: expected "${acceptedInvalid}"; found "${value}"`];
}
