import { counted, oneLine } from '../report/table.ts';
import { isAcceptedFinding, type JudgedReplay, requestsOf } from './allow.ts';
import type { Allowed } from '../diff/allow.ts';
import type { Finding, Kind, Replay } from './replay.ts';
import type { Traffic } from './traffic.ts';

/** What a report has. */
export interface ReportedReplay {
  readonly replay: Replay;
  readonly traffic: Traffic;
  readonly judged: JudgedReplay;
  readonly allowed: Allowed;
}

const order: readonly Kind[] = ['denied', 'let in', 'depends', 'unknown', 'invalid'];

/** The kinds of findings in the words of a report. */
export const words: Readonly<Record<Kind, string>> = {
  denied: 'denied anew',
  'let in': 'let in anew',
  depends: 'depends',
  unknown: 'not known',
  invalid: 'not valid',
};

/** Returns the findings in the order of their kinds, those with the most requests first. */
export function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind) || other.requests - one.requests,
  );
}

/** How many findings a report for people has. JSON has all of them. */
export const mostFindings = 200;

/** Says that a report for people has not all findings. */
export function moreText(findings: readonly Finding[]): string {
  return `And ${counted(findings.length - mostFindings, 'further line')}: --json has all of them.`;
}

/** Returns why a finding is not decided. `null`: its fields say it. */
export function reasonOf({ kind, reason, isNoLongerValid }: Finding): string | null {
  if (kind !== 'invalid' || isNoLongerValid) return reason;
  return `${reason} The present schema does not accept it either.`;
}

/** Says what fails the command. `null`: nothing does. */
export function refusedText({ requests, invalid }: JudgedReplay): string | null {
  const notValid = requestsOf(invalid);
  const parts = [
    ...(requests > 0 ? [`${counted(requests, 'request')} would be denied anew`] : []),
    ...(notValid > 0 ? [`${counted(notValid, 'request')} would no longer be valid`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', and ');
}

/** Returns the counts of a replay in sentences. */
export function summaryLines({ replay, traffic, allowed }: ReportedReplay): readonly string[] {
  const { counts, requests, otherKeys, findings } = replay;
  const days = traffic.days;
  const time = !days ? '' : days.first === days.last ? ` of ${days.first}` : ` of ${days.first} to ${days.last}`;
  const acceptedOf = (kind: Kind): number =>
    requestsOf(findings.filter((one) => one.kind === kind && isAcceptedFinding(one, allowed)));
  const [denied, invalid] = [acceptedOf('denied'), acceptedOf('invalid')];
  const lines = [
    `Of ${counted(requests, 'request')}${time}, ${number(counts.denied)} would be denied anew${accepted(denied)} and ${number(counts['let in'])} let in anew.`,
  ];
  const apart = [
    ...(counts.depends > 0
      ? [`${number(counts.depends)} ${counts.depends === 1 ? 'depends' : 'depend'} on an owner, a policy or a value`]
      : []),
    ...(counts.unknown > 0 ? [`${number(counts.unknown)} not known`] : []),
    ...(counts.invalid > 0 ? [`${number(counts.invalid)} not valid for the proposed schema${accepted(invalid)}`] : []),
  ];
  if (apart.length > 0) lines.push(`Counted apart: ${apart.join(', ')}.`);
  for (const [name, count] of otherKeys) {
    lines.push(
      `${counted(count, 'request')} cannot be compared: the key ${oneLine(name)} of CLAIMGATE_KEY, with which they were recorded, is not configured.`,
    );
  }
  const { leftOut = new Map<string, number>() } = traffic;
  if (leftOut.size > 0) lines.push(`Left out: ${byName(leftOut)}.`);
  const lost = new Map([...traffic.unrecorded].filter(([, count]) => count > 0));
  if (lost.size > 0) lines.push(`Not recorded: ${byName(lost)}.`);
  return lines;
}

/** How many names a line has. JSON has all of them. */
const mostNames = 6;

function byName(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].toSorted(([, one], [, other]) => other - one);
  const rest = all.slice(mostNames).reduce((sum, [, count]) => sum + count, 0);
  const named = all.slice(0, mostNames).map(([name, count]) => `${counted(count, 'request')} (${oneLine(name)})`);
  return [...named, ...(rest > 0 ? [`${counted(rest, 'request')} (${all.length - mostNames} more)`] : [])].join(', ');
}

function accepted(count: number): string {
  return count > 0 ? ` (${number(count)} accepted)` : '';
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
