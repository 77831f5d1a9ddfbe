import type { Allowed } from '../diff/allow.ts';
import { wordsOf, writeForm } from '../diff/form-text.ts';
import type { Colour, Paint } from '../report/paint.ts';
import { counted, oneLine } from '../report/table.ts';
import { labelled } from '../report/wrap.ts';
import { acceptedInvalid, isAccepted, isAcceptedFinding } from './allow.ts';
import type { ChangedField } from './compared-operation.ts';
import type { Finding, Kind } from './replay.ts';
import { moreText, mostFindings, type ReportedReplay, reasonOf, sorted, summaryLines, words } from './summary.ts';
import { labelOfCallers, labelOfShape } from './traffic.ts';

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
      leftOut: Object.fromEntries(traffic.leftOut ?? []),
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
      accepted: isAcceptedFinding(finding, allowed),
      noLongerValid: finding.isNoLongerValid,
      reason: finding.reason,
      fields: finding.fields.map((field) => ({
        coordinate: field.coordinate,
        before: wordsOf(field.before),
        after: wordsOf(field.after),
        rule: writeForm(field.after),
      })),
    })),
    stale: judged.stale,
    toAllow: Object.fromEntries([
      ...judged.refused.map(({ coordinate, after }) => [coordinate, writeForm(after)]),
      ...judged.invalid.map(({ shape }) => [shape.document, acceptedInvalid]),
    ]),
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/**
 * Writes what would happen for people.
 *
 * @param columns - the width of the terminal, in characters. Default: no width, so the text is the same everywhere
 */
export function replayText(reported: ReportedReplay, paint: Paint, columns: number | null = null): string {
  const findings = sorted(reported.replay.findings);
  const blocks = findings.slice(0, mostFindings).map((finding) => blockOf(finding, reported.allowed, paint, columns));
  if (findings.length > mostFindings) blocks.push(`${moreText(findings)}\n`);
  const summary = summaryLines(reported).map((line) => `${labelled('', line, columns)}\n`);
  return [...blocks, summary.join('')].join('\n');
}

function blockOf(finding: Finding, allowed: Allowed, paint: Paint, columns: number | null): string {
  const { kind, shape, requests, fields } = finding;
  const note = isAcceptedFinding(finding, allowed) ? paint('dim', ' (accepted)') : '';
  const head = [
    paint(finding.isNoLongerValid ? 'red' : colours[kind], words[kind]),
    paint('bold', oneLine(labelOfShape(shape))),
    oneLine(labelOfCallers(finding)),
    counted(requests, 'request'),
  ];
  const lines = [`${head.join('  ')}${note}`];
  const reason = reasonOf(finding);
  if (reason !== null) lines.push(labelled('  because  ', reason, columns));
  for (const field of fields) {
    lines.push(`  at       ${field.coordinate}`);
    lines.push(labelled('  before   ', wordsOf(field.before), columns));
    lines.push(labelled('  after    ', wordsOf(field.after), columns));
    // An entry is not wrapped, because it is copied.
    if (isToAccept(finding, field, allowed)) lines.push(`  accept   ${entryOf(field)}`);
  }
  if (fields.length === 0) lines.push(...entriesOf(finding, allowed).map((entry) => `  accept   ${entry}`));
  return `${lines.join('\n')}\n`;
}

/** The longest document that a report for people has as an entry, in characters. */
const maxEntry = 200;

/** Returns the entries that would accept a finding, and which the file does not have. */
export function entriesOf(finding: Finding, allowed: Allowed): readonly string[] {
  const fields = finding.fields.filter((field) => isToAccept(finding, field, allowed)).map(entryOf);
  if (!finding.isNoLongerValid || isAcceptedFinding(finding, allowed)) return fields;
  const { document } = finding.shape;
  if (document.length > maxEntry) return ['its document: see toAllow of --json'];
  return [oneLine(`${JSON.stringify(document)}: ${JSON.stringify(acceptedInvalid)}`)];
}

function isToAccept({ kind }: Finding, field: ChangedField, allowed: Allowed): boolean {
  return kind === 'denied' && !isAccepted(field, allowed);
}

function entryOf({ coordinate, after }: ChangedField): string {
  return oneLine(`${JSON.stringify(coordinate)}: ${JSON.stringify(writeForm(after))}`);
}
