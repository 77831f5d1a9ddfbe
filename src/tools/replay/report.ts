import type { Allowed } from '../diff/allow.ts';
import { wordsOf, writeForm } from '../diff/form-text.ts';
import type { Colour, Paint } from '../report/paint.ts';
import { counted, markdownCode, markdownTable, oneLine } from '../report/table.ts';
import { isAccepted, isRefused, type JudgedReplay } from './allow.ts';
import type { Finding, Kind, Replay } from './replay.ts';
import { labelOfCallers, labelOfShape, type Traffic } from './traffic.ts';

/** What a report has. */
export interface ReportedReplay {
  readonly replay: Replay;
  readonly traffic: Traffic;
  readonly judged: JudgedReplay;
  readonly allowed: Allowed;
}

const order: readonly Kind[] = ['denied', 'let in', 'depends', 'unknown', 'invalid'];
const words: Readonly<Record<Kind, string>> = {
  denied: 'denied anew',
  'let in': 'let in anew',
  depends: 'depends',
  unknown: 'not known',
  invalid: 'not valid',
};
const colours: Readonly<Record<Kind, Colour>> = {
  denied: 'red',
  'let in': 'yellow',
  depends: 'yellow',
  unknown: 'yellow',
  invalid: 'dim',
};

/** Writes what would happen as JSON, for programs. */
export function replayJson({ replay, traffic, judged, allowed }: ReportedReplay): string {
  const { counts } = replay;
  const all = {
    before: replay.before.name,
    after: replay.after.name,
    recorded: {
      ...traffic.days,
      requests: replay.requests,
      notRecorded: Object.fromEntries(traffic.unrecorded),
      otherKeys: Object.fromEntries(replay.otherKeys),
    },
    requests: {
      deniedAnew: counts.denied,
      letInAnew: counts['let in'],
      depends: counts.depends,
      notKnown: counts.unknown,
      notValid: counts.invalid,
      unchanged: replay.unchanged,
    },
    findings: sorted(replay.findings).map((finding) => ({
      kind: words[finding.kind],
      operation: finding.shape.name,
      document: finding.shape.document,
      client: finding.clientId,
      token: finding.hasToken,
      requests: finding.requests,
      accepted: finding.kind === 'denied' && !isRefused(finding, allowed),
      reason: finding.reason,
      fields: finding.fields.map((field) => ({
        coordinate: field.coordinate,
        before: wordsOf(field.before),
        after: wordsOf(field.after),
        rule: writeForm(field.after),
      })),
    })),
    stale: judged.stale,
    toAllow: Object.fromEntries(judged.refused.map(({ coordinate, after }) => [coordinate, writeForm(after)])),
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** Writes what would happen for people. */
export function replayText(reported: ReportedReplay, paint: Paint): string {
  const findings = sorted(reported.replay.findings);
  const blocks = findings.slice(0, mostFindings).map((finding) => blockOf(finding, reported.allowed, paint));
  if (findings.length > mostFindings) blocks.push(`${moreText(findings)}\n`);
  return [
    ...blocks,
    summaryLines(reported)
      .map((line) => `${line}\n`)
      .join(''),
  ].join('\n');
}

/** How many findings a report for people has. JSON has all of them. */
const mostFindings = 200;

function moreText(findings: readonly Finding[]): string {
  return `And ${counted(findings.length - mostFindings, 'further line')}: --json has all of them.`;
}

function blockOf(finding: Finding, allowed: Allowed, paint: Paint): string {
  const { kind, shape, requests, fields, reason } = finding;
  const note = kind === 'denied' && !isRefused(finding, allowed) ? paint('dim', ' (accepted)') : '';
  const head = [
    paint(colours[kind], words[kind]),
    paint('bold', oneLine(labelOfShape(shape))),
    oneLine(labelOfCallers(finding)),
    counted(requests, 'request'),
  ];
  const lines = [`${head.join('  ')}${note}`];
  if (reason !== null) lines.push(`  because  ${oneLine(reason)}`);
  for (const field of fields) {
    lines.push(`  at       ${field.coordinate}`);
    lines.push(`  before   ${oneLine(wordsOf(field.before))}`, `  after    ${oneLine(wordsOf(field.after))}`);
    if (kind !== 'denied' || isAccepted(field, allowed)) continue;
    const entry = `${JSON.stringify(field.coordinate)}: ${JSON.stringify(writeForm(field.after))}`;
    lines.push(`  accept   ${oneLine(entry)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Writes what would happen as Markdown, for a pull request. */
export function replayMarkdown(reported: ReportedReplay): string {
  const { replay, allowed } = reported;
  const findings = sorted(replay.findings);
  const rows = findings
    .slice(0, mostFindings)
    .map((finding) => [
      `${words[finding.kind]}${finding.kind === 'denied' && !isRefused(finding, allowed) ? ' (accepted)' : ''}`,
      markdownCode(labelOfShape(finding.shape)),
      markdownCode(labelOfCallers(finding)),
      String(finding.requests),
      finding.reason ?? finding.fields.map(({ coordinate }) => markdownCode(coordinate)).join(', '),
      finding.fields.map(({ after }) => wordsOf(after)).join('; '),
    ]);
  const head = ['', 'operation', 'client', 'requests', 'at', 'requires now'];
  const more = findings.length > mostFindings ? `\n${moreText(findings)}\n` : '';
  const table = rows.length === 0 ? '' : `\n${markdownTable(head, rows)}${more}`;
  const names = `${markdownCode(replay.before.name)} → ${markdownCode(replay.after.name)}`;
  return `### Recorded requests\n\n${names}: ${summaryLines(reported).join(' ')}\n${table}`;
}

/** Returns the findings in the order of their kinds, those with the most requests first. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind) || other.requests - one.requests,
  );
}

function summaryLines({ replay, traffic }: ReportedReplay): readonly string[] {
  const { counts, requests, otherKeys } = replay;
  const days = traffic.days;
  const time = !days ? '' : days.first === days.last ? ` of ${days.first}` : ` of ${days.first} to ${days.last}`;
  const lines = [
    `Of ${counted(requests, 'request')}${time}, ${number(counts.denied)} would be denied anew and ${number(counts['let in'])} let in anew.`,
  ];
  const apart = [
    ...(counts.depends > 0
      ? [`${number(counts.depends)} ${counts.depends === 1 ? 'depends' : 'depend'} on an owner, a policy or a value`]
      : []),
    ...(counts.unknown > 0 ? [`${number(counts.unknown)} not known`] : []),
    ...(counts.invalid > 0 ? [`${number(counts.invalid)} not valid for the proposed schema`] : []),
  ];
  if (apart.length > 0) lines.push(`Counted apart: ${apart.join(', ')}.`);
  for (const [name, count] of otherKeys) {
    lines.push(
      `${counted(count, 'request')} cannot be compared: the key ${oneLine(name)} of CLAIMGATE_KEY, with which they were recorded, is not configured.`,
    );
  }
  const lost = [...traffic.unrecorded].filter(([, count]) => count > 0);
  if (lost.length > 0) {
    lines.push(
      `Not recorded: ${lost.map(([reason, count]) => `${counted(count, 'request')} (${reason})`).join(', ')}.`,
    );
  }
  return lines;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
