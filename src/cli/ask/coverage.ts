import { parseScope } from '../../protocol/scope.ts';
import { coverageOf } from '../../tools/coverage/coverage.ts';
import { coveragePage, pageMark } from '../../tools/coverage/page/html.ts';
import type { CallerScopes } from '../../tools/coverage/reach.ts';
import { coverageJson, coverageText } from '../../tools/coverage/report.ts';
import { counted } from '../../tools/report/table.ts';
import { Misuse } from '../misuse.ts';
import { ask } from './command.ts';
import type { AskContext } from './context.ts';
import { schemaOf } from './project.ts';
import { checkReportFile, writeReportFile } from './report-file.ts';

/**
 * Prints the rules of every field, the bare fields, and what a caller reaches. With `--html`, writes a page.
 *
 * @returns the exit code: 0 done, 2 wrong usage
 */
export function coverage(args: readonly string[]): Promise<number> {
  const options = {
    html: { type: 'string' },
    scopes: { type: 'string' },
    'no-token': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  } as const;
  return ask('coverage', options, args, async (context) => {
    const { words, option, flag, write, progress, paint } = context;
    const [extra] = words;
    if (extra !== undefined) throw new Misuse(`expected no argument beside the options; found ${extra}`);
    const caller = callerOf(context);
    const file = option('html');
    if (file !== undefined && flag('json')) throw new Misuse('--json, --html: expected one of them');
    if (file !== undefined) await checkReportFile('--html', file, '.html', pageMark, flag('yes'));
    const source = await schemaOf(context);
    progress.show('Finding what the rules cover …');
    const found = coverageOf(source, caller);
    if (file !== undefined) {
      const page = coveragePage(found);
      await writeReportFile('--html', file, page);
      write(`Wrote ${file}: ${counted(found.counts.types, 'type')}, ${counted(page.length, 'character')}.\n`);
    } else write(flag('json') ? coverageJson(found) : coverageText(found, paint));
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
