import type { Principal } from '../../principal.ts';
import { labelOf } from '../operations/operation.ts';
import { writePlace } from '../report/fault.ts';
import type { Colour, Paint } from '../report/paint.ts';
import { counted, markdownCode, markdownTable, oneLine } from '../report/table.ts';
import { labelled } from '../report/wrap.ts';
import type { Judged } from './allow.ts';
import type { Change, Example, Verdict } from './change.ts';
import type { SchemaDiff } from './diff.ts';
import type { OperationChange } from './operation-changes.ts';

/** What a report has: the changes, which of them are accepted, and what changed for operations. */
export interface Reported {
  readonly diff: SchemaDiff;
  readonly judged: Judged;
  readonly operations: readonly OperationChange[];
}

/** Writes what changed as JSON, for programs. */
export function diffJson({ diff, judged, operations }: Reported): string {
  const accepted = new Set(judged.accepted);
  const changes = diff.changes.map((change) => ({
    coordinate: change.coordinate,
    verdict: change.verdict,
    before: change.before,
    after: change.after,
    rule: change.rule,
    finding: change.isFinding,
    accepted: accepted.has(change),
    through: change.through,
    opens: change.opens,
    example: change.example && exampleJson(change.example),
  }));
  const toAllow = Object.fromEntries(judged.refused.map(({ coordinate, rule }) => [coordinate, rule]));
  const ofOperations = operations.map(({ operation, change, before, after }) => ({
    name: operation.name,
    id: operation.id,
    file: operation.place.file,
    line: operation.place.line,
    change,
    before,
    after,
  }));
  const all = {
    before: diff.before.name,
    after: diff.after.name,
    changes,
    undecided: diff.undecided,
    operations: ofOperations,
    stale: judged.stale,
    toAllow,
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}

function exampleJson({ witness, depends, operation }: Example) {
  const { principal, now } = witness;
  const caller =
    principal.kind === 'anonymous'
      ? { token: false, scopes: [], claims: {} }
      : { token: true, scopes: [...principal.scopes], claims: principal.claims };
  return { ...caller, time: new Date(now).toISOString(), depends, operation };
}

/** Names the caller of an example. */
function callerOf({ witness: { principal, now }, depends }: Example): string {
  return `${principalText(principal, now)}${depends.length > 0 ? `, if ${depends.join(' and ')} lets the caller in` : ''}`;
}

function principalText(principal: Principal, now: number): string {
  if (principal.kind === 'anonymous') return 'a caller without a token';
  const scopes = [...principal.scopes].join(' ');
  const claims = Object.keys(principal.claims).length > 0 ? ` and the claims ${JSON.stringify(principal.claims)}` : '';
  const time = 'auth_time' in principal.claims ? ` at ${new Date(now).toISOString()}` : '';
  return `a token ${scopes === '' ? 'without scopes' : `with the scopes ${scopes}`}${claims}${time}`;
}

const order: readonly Verdict[] = ['incomparable', 'wider', 'new', 'moved', 'narrower', 'removed'];
const colours: Readonly<Record<Verdict, Colour>> = {
  incomparable: 'red',
  wider: 'red',
  new: 'yellow',
  moved: 'dim',
  narrower: 'green',
  removed: 'dim',
};

/** How many names of elements one line has. JSON has all of them. */
const mostNames = 6;

function names(all: readonly string[]): string {
  const more = all.length > mostNames ? ` and ${all.length - mostNames} more` : '';
  return `${all.slice(0, mostNames).join(', ')}${more}`;
}

/** Returns the changes that no other change explains, in the order of their verdicts. Findings come first. */
function ownChanges({ changes }: SchemaDiff): readonly Change[] {
  const rank = ({ isFinding, verdict }: Change): number => (isFinding ? 0 : order.length) + order.indexOf(verdict);
  return changes.filter(({ through }) => through === null).toSorted((one, other) => rank(one) - rank(other));
}

/**
 * Writes what changed for people.
 *
 * @param columns - the width of the terminal, in characters. Default: no width, so the text is the same everywhere
 */
export function diffText(reported: Reported, paint: Paint, columns: number | null = null): string {
  const { diff, judged, operations } = reported;
  const accepted = new Set(judged.accepted);
  const blocks = ownChanges(diff).map((change) => {
    const note = accepted.has(change) ? paint('dim', ' (accepted)') : '';
    const lines = [`${paint(colours[change.verdict], change.verdict)}  ${paint('bold', change.coordinate)}${note}`];
    if (change.before !== null) lines.push(labelled('  before   ', change.before, columns));
    if (change.after !== null)
      lines.push(labelled(`  ${change.before === null ? 'requires' : 'now     '} `, change.after, columns));
    const isShown = change.isFinding || change.verdict === 'new';
    if (change.example && change.isFinding) lines.push(labelled('  lets in  ', callerOf(change.example), columns));
    // An operation and an entry are not wrapped, because they are copied.
    if (change.example?.operation && isShown) lines.push(`  shown by ${oneLine(change.example.operation)}`);
    if (change.opens.length > 0) lines.push(labelled('  opens    ', names(change.opens), columns));
    if (change.isFinding && !accepted.has(change)) {
      lines.push(`  accept   ${oneLine(`${JSON.stringify(change.coordinate)}: ${JSON.stringify(change.rule)}`)}`);
    }
    return `${lines.join('\n')}\n`;
  });
  const narrower = diff.changes.filter(({ verdict, through }) => verdict === 'narrower' && through !== null);
  const lines = operations.map(
    ({ operation, change, before, after }) =>
      `${labelled('', `${change}  ${labelOf(operation)}  ${writePlace(operation.place)}: ${before} → ${after}`, columns)}\n`,
  );
  if (lines.length > 0) blocks.push(lines.join(''));
  const closed = narrower.map(({ coordinate }) => coordinate);
  if (closed.length > 0)
    blocks.push(`${labelled('', `Fewer callers read, because of a change above: ${names(closed)}`, columns)}\n`);
  blocks.push(...undecidedText(diff, columns), `${labelled('', summary(reported), columns)}\n`);
  return blocks.join('\n');
}

function undecidedText({ undecided }: SchemaDiff, columns: number | null): readonly string[] {
  if (undecided.length === 0) return [];
  const text = `Too many alternatives lead here to know who reads it anew through a change above: ${names(undecided)}`;
  return [`${labelled('', text, columns)}\n`];
}

function summary({ diff, judged }: Reported): string {
  if (diff.changes.length === 0) return 'The same callers get in.';
  const own = ownChanges(diff);
  const counts = order.flatMap((verdict) => {
    const count = own.filter((change) => change.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const accepted = judged.accepted.length > 0 ? `, of which ${judged.accepted.length} accepted` : '';
  const findings = judged.refused.length + judged.accepted.length;
  return `${counts.join(', ')}. ${counted(findings, 'widening')}${accepted}.`;
}

/** Writes what changed as Markdown, for a pull request. */
export function diffMarkdown(reported: Reported): string {
  const { diff, judged, operations } = reported;
  const accepted = new Set(judged.accepted);
  const parts = [
    `### Who gets in\n\n${markdownCode(diff.before.name)} → ${markdownCode(diff.after.name)}: ${summary(reported)}\n`,
  ];
  const own = ownChanges(diff);
  const findings = own.filter(({ isFinding }) => isFinding);
  const rows = (some: readonly Change[]) =>
    some.map((change) => [
      `${change.verdict}${accepted.has(change) ? ' (accepted)' : ''}`,
      markdownCode(change.coordinate),
      change.before ?? '',
      change.after ?? '',
    ]);
  const head = ['', 'element', 'required before', 'requires now'];
  if (findings.length > 0) {
    const table = markdownTable(
      [...head, 'lets in', 'shown by', 'opens'],
      rows(findings).map((row, at) => {
        const { example = null, opens = [] } = findings[at] ?? {};
        const operation = example?.operation;
        return [...row, example ? callerOf(example) : '', operation ? markdownCode(operation) : '', names(opens)];
      }),
    );
    parts.push(table);
  }
  const others = own.filter(({ isFinding }) => !isFinding);
  if (others.length > 0) {
    parts.push(`<details><summary>${counted(others.length, 'other change')}</summary>\n`);
    // A blank line ends the HTML. Otherwise, Markdown that follows in the same file is shown as plain text.
    parts.push(markdownTable(head, rows(others)), `</details>\n\n`);
  }
  if (operations.length > 0) {
    const cells = operations.map(({ operation, change, before, after }) => [
      change,
      markdownCode(labelOf(operation)),
      before,
      after,
    ]);
    parts.push(markdownTable(['', 'operation', 'needed before', 'needs now'], cells));
  }
  parts.push(...undecidedText(diff, null));
  return parts.join('\n');
}
