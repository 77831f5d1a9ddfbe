import { parseScope } from '../../protocol/scope.ts';
import { type Coverage, coverageOf } from '../../tools/coverage/coverage.ts';
import { findingText, judgeOpenFields } from '../../tools/coverage/open-fields.ts';
import { coveragePage, pageMark } from '../../tools/coverage/page/html.ts';
import type { CallerScopes } from '../../tools/coverage/reach.ts';
import { coverageJson, coverageText } from '../../tools/coverage/report.ts';
import { readAllowed } from '../../tools/diff/allow.ts';
import { createFindNeeds, type OperationNeeds } from '../../tools/explain/needs.ts';
import { readOperations } from '../../tools/operations/read.ts';
import { counted } from '../../tools/report/table.ts';
import { Misuse } from '../misuse.ts';
import { ask } from './command.ts';
import type { AskContext } from './context.ts';
import { type NamedSchema, schemaWithManifests } from './project.ts';
import { checkReportFile, writeReportFile } from './report-file.ts';

/** How many findings a check prints. JSON has all of them. */
const maxPrinted = 30;

/**
 * Prints the rules of every field, the bare fields, what operations need, and what a caller reaches. With `--html`, writes
 * a page. With `--check`, compares the public and the bare fields with the accepted ones.
 *
 * @returns the exit code: 0 done, 1 with `--check` a field that is not accepted, 2 wrong usage
 */
export function coverage(args: readonly string[]): Promise<number> {
  const options = {
    html: { type: 'string' },
    scopes: { type: 'string' },
    operations: { type: 'string' },
    allow: { type: 'string' },
    check: { type: 'boolean', default: false },
    'no-token': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  } as const;
  return ask('coverage', options, args, async (context) => {
    const { words, option, flag, write, progress, paint, columns } = context;
    const [extra] = words;
    if (extra !== undefined) throw new Misuse(`expected no argument beside the options; found ${extra}`);
    const caller = callerOf(context);
    const file = option('html');
    if (file !== undefined && flag('json')) throw new Misuse('--json, --html: expected one of them');
    checkCheck(context);
    if (file !== undefined) await checkReportFile('--html', file, '.html', pageMark, flag('yes'));
    const named = await schemaWithManifests(context);
    progress.show('Finding what the rules cover …');
    if (flag('check')) return judged(coverageOf(named.source), context);
    const found = coverageOf(named.source, caller, await needsOf(named, context));
    if (file !== undefined) {
      const page = coveragePage(found);
      await writeReportFile('--html', file, page);
      write(`Wrote ${file}: ${counted(found.counts.types, 'type')}, ${counted(page.length, 'character')}.\n`);
    } else write(flag('json') ? coverageJson(found) : coverageText(found, paint, columns));
    return 0;
  });
}

function callerOf({ option, flag }: AskContext): CallerScopes | undefined {
  const text = option('scopes');
  if (flag('no-token') && text !== undefined) throw new Misuse('--scopes, --no-token: expected one of them');
  if (flag('no-token')) return null;
  if (text === undefined) return undefined;
  const scopes = text === '' ? [] : parseScope(text);
  if (!scopes) throw new Misuse('--scopes: expected scopes with one space between them, in one argument');
  return new Set(scopes);
}

function checkCheck({ option, flag }: AskContext): void {
  if (!flag('check')) {
    if (option('allow') !== undefined) throw new Misuse('--allow: expected --check too');
    return;
  }
  const others = ['html', 'scopes', 'operations'].filter((name) => option(name) !== undefined);
  const [other] = flag('no-token') ? ['no-token'] : others;
  if (other !== undefined) throw new Misuse(`--check, --${other}: expected one of them`);
}

/**
 * Finds what the operations of clients need: those of `--operations`, otherwise the trusted documents of the project.
 *
 * @returns null if there are none
 */
async function needsOf(
  { source, manifests }: NamedSchema,
  { option, progress }: AskContext,
): Promise<readonly OperationNeeds[] | null> {
  const named = option('operations');
  const paths = named === undefined ? manifests : [named];
  if (paths.length === 0) return null;
  const operations = await readOperations(paths, process.cwd(), true);
  const findNeeds = createFindNeeds(source);
  return operations.map((operation, at) => {
    progress.show(`Explaining operation ${at + 1} of ${operations.length} …`);
    return findNeeds(operation);
  });
}

async function judged(found: Coverage, { option, flag, write, report }: AskContext): Promise<number> {
  const file = option('allow');
  const command = 'claimgate coverage --check --json';
  const allowed = file === undefined ? new Map<string, string>() : await readAllowed(file, process.cwd(), command);
  const { refused, stale, toAllow } = judgeOpenFields(found, allowed);
  for (const line of stale) report(`${file}: ${line}`);
  for (const field of refused.slice(0, maxPrinted)) report(findingText(field));
  if (refused.length > maxPrinted) {
    report(`and ${refused.length - maxPrinted} more; --json has the entries of all of them in toAllow`);
  }
  if (flag('json')) write(`${JSON.stringify({ findings: refused, stale, toAllow }, null, 2)}\n`);
  else if (refused.length === 0) write('Every field that is public or bare is accepted.\n');
  return refused.length === 0 ? 0 : 1;
}
