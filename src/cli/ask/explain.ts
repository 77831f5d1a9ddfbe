import { parseScope } from '../../protocol/scope.ts';
import { checkClient, type RegisteredClient } from '../../tools/explain/client.ts';
import { createFindNeeds } from '../../tools/explain/needs.ts';
import { needsJson, needsMarkdown, needsText } from '../../tools/explain/report.ts';
import { readOperations } from '../../tools/operations/read.ts';
import { Misuse } from '../misuse.ts';
import { ask } from './command.ts';
import type { AskContext } from './context.ts';
import { applicationNamed } from './application.ts';
import { schemaOf } from './project.ts';

/**
 * Prints the least scopes that operations need. With `--check`, compares them with the scopes of a client.
 *
 * @returns the exit code: 0 done, 1 if the client has more or fewer scopes than it needs, 2 wrong usage
 */
export function explain(args: readonly string[]): Promise<number> {
  const options = {
    markdown: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    scopes: { type: 'string' },
    application: { type: 'string' },
  } as const;
  return ask('explain', options, args, async (context) => {
    const { words, flag, write, report, progress, paint, columns } = context;
    checkOptions(context);
    const source = await schemaOf(context);
    const operations = await readOperations(words, process.cwd());
    const findNeeds = createFindNeeds(source);
    const needs = operations.map((operation, at) => {
      progress.show(`Explaining operation ${at + 1} of ${operations.length} …`);
      return findNeeds(operation);
    });
    if (flag('check')) {
      const findings = checkClient(await clientOf(context), needs, source.rules);
      for (const { text } of findings) report(text);
      if (flag('json')) write(`${JSON.stringify({ findings }, null, 2)}\n`);
      else if (findings.length === 0) write('The client has exactly the scopes that its operations need.\n');
      return findings.length === 0 ? 0 : 1;
    }
    if (flag('json')) write(needsJson(source.name, needs));
    else write(flag('markdown') ? needsMarkdown(source.name, needs) : needsText(needs, paint, columns));
    return 0;
  });
}

function checkOptions({ words, option, flag }: AskContext): void {
  if (words.length === 0) throw new Misuse('expected a file, a folder or a manifest with operations');
  if (flag('json') && flag('markdown')) throw new Misuse('--json, --markdown: expected one of them');
  const isNamed = option('scopes') !== undefined || option('application') !== undefined;
  if (isNamed && !flag('check')) throw new Misuse('--scopes, --application: expected --check too');
  if (!flag('check')) return;
  if (option('scopes') === undefined && option('application') === undefined) {
    throw new Misuse('--check: expected --scopes "SCOPES", or --application with a client ID or a name');
  }
  if (option('scopes') !== undefined && option('application') !== undefined) {
    throw new Misuse('--scopes, --application: expected one of them');
  }
}

async function clientOf({ option }: AskContext): Promise<RegisteredClient> {
  const name = option('application');
  if (name !== undefined) return applicationNamed(name);
  const text = option('scopes') ?? '';
  const scopes = text === '' ? [] : parseScope(text);
  if (!scopes) throw new Misuse('--scopes: expected scopes with one space between them, in one argument');
  return { name: 'the client', scopes };
}
