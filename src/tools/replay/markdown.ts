import { wordsOf } from '../diff/form-text.ts';
import { markdownCode, markdownTable } from '../report/table.ts';
import { isAcceptedFinding } from './allow.ts';
import type { Finding } from './replay.ts';
import { entriesOf } from './report.ts';
import {
  moreText,
  mostFindings,
  type ReportedReplay,
  reasonOf,
  refusedText,
  sorted,
  summaryLines,
  words,
} from './summary.ts';
import { labelOfCallers, labelOfShape } from './traffic.ts';

/** Writes what would happen as Markdown, for a pull request. */
export function replayMarkdown(reported: ReportedReplay): string {
  const { replay, allowed, judged } = reported;
  const findings = sorted(replay.findings);
  const shown = findings.slice(0, mostFindings);
  const common = (finding: Finding) => [
    `${words[finding.kind]}${isAcceptedFinding(finding, allowed) ? ' (accepted)' : ''}`,
    markdownCode(labelOfShape(finding.shape)),
    callersCell(finding),
    String(finding.requests),
  ];
  const accept = (finding: Finding) => entriesOf(finding, allowed).map(markdownCode).join(', ');
  const [decided, others] = [shown.filter((one) => one.reason === null), shown.filter((one) => one.reason !== null)];
  const head = ['', 'operation', 'client', 'requests'];
  const parts = [
    `### Recorded requests\n\n${markdownCode(replay.before.name)} → ${markdownCode(replay.after.name)}: ${summaryLines(reported).join(' ')}\n`,
  ];
  if (decided.length > 0) {
    const rows = decided.map((finding) => [
      ...common(finding),
      finding.fields.map(({ coordinate }) => markdownCode(coordinate)).join(', '),
      finding.fields.map(({ before }) => wordsOf(before)).join('; '),
      finding.fields.map(({ after }) => wordsOf(after)).join('; '),
      accept(finding),
    ]);
    parts.push(markdownTable([...head, 'at', 'required before', 'requires now', 'accept'], rows));
  }
  if (others.length > 0) {
    const rows = others.map((finding) => [...common(finding), reasonOf(finding) ?? '', accept(finding)]);
    parts.push(markdownTable([...head, 'because', 'accept'], rows));
  }
  if (findings.length > mostFindings) parts.push(`${moreText(findings)}\n`);
  const refused = refusedText(judged);
  if (refused !== null) parts.push(`**Not accepted: ${refused}.**\n`);
  return parts.join('\n');
}

/** Writes a client ID as code, and callers without one in words. */
function callersCell(finding: Finding): string {
  const label = labelOfCallers(finding);
  return finding.hasToken && finding.clientId !== null ? markdownCode(label) : label;
}
