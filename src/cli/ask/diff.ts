import { judge, readAllowed } from '../../tools/diff/allow.ts';
import { diffOf } from '../../tools/diff/diff.ts';
import { withoutOwn } from '../../tools/diff/without-own.ts';
import { operationChanges } from '../../tools/diff/operation-changes.ts';
import { diffJson, diffMarkdown, diffText } from '../../tools/diff/report.ts';
import type { RuleSource } from '../../tools/source/rule-source.ts';
import { readOperations } from '../../tools/operations/read.ts';
import { counted } from '../../tools/report/table.ts';
import { Misuse } from '../misuse.ts';
import { ask } from './command.ts';
import { ownElements } from './own-elements.ts';
import { configOf, isProject, schemaOf, sourceNamed } from './project.ts';

/**
 * Prints who gets in anew, and who no longer, if one schema replaces another.
 *
 * @returns the exit code: 0 no widening that is not accepted, 1 widenings, 2 wrong usage
 */
export function diff(args: readonly string[]): Promise<number> {
  const options = {
    markdown: { type: 'boolean', default: false },
    allow: { type: 'string' },
    operations: { type: 'string' },
  } as const;
  return ask('diff', options, args, async (context) => {
    const { words, option, flag, write, report, progress, paint, columns } = context;
    const [oldName, newName, extra] = words;
    if (oldName === undefined) throw new Misuse('expected the old schema, and the new one; found none');
    if (extra !== undefined) throw new Misuse(`expected two schemas, old and new; found a third: ${extra}`);
    if (newName !== undefined && option('schema') !== undefined) {
      throw new Misuse('--schema: expected the new schema as the second argument, or as --schema; found both');
    }
    const origins = new Set([oldName, newName ?? option('schema')].flatMap((name) => originOf(name)));
    if (option('token-from') !== undefined && origins.size > 1) {
      throw new Misuse(
        '--token-from: two servers would receive the token; expected one server. Save the schema of the other as a file',
      );
    }
    if (flag('json') && flag('markdown')) throw new Misuse('--json, --markdown: expected one of them');
    const file = option('allow');
    const allowed = file === undefined ? new Map<string, string>() : await readAllowed(file, process.cwd());
    const named = option('operations');
    const operations = named === undefined ? [] : await readOperations([named], process.cwd());
    const before = await sourceNamed(oldName, context);
    const after = newName === undefined ? await schemaOf(context) : await sourceNamed(newName, context);
    progress.show('Comparing who gets in …');
    const all = diffOf(before, after);
    const project = projectAlone([oldName, before], [newName ?? option('schema'), after]);
    const found = project ? withoutOwn(all, await ownElements(await configOf(project.name)), project.source) : all;
    const judged = judge(found.changes, allowed);
    const reported = { diff: found, judged, operations: operationChanges(before, after, operations) };
    if (flag('json')) write(diffJson(reported));
    else write(flag('markdown') ? diffMarkdown(reported) : diffText(reported, paint, columns));
    for (const line of judged.stale) report(`${file}: ${line}`);
    if (judged.refused.length === 0) return 0;
    report(`${counted(judged.refused.length, 'widening')} not accepted`);
    return 1;
  });
}

/** Returns the origin of a server that has the schema. Empty: the name is of a file, a revision or a project. */
function originOf(name: string | undefined): readonly string[] {
  return name !== undefined && /^https?:/i.test(name) && URL.canParse(name) ? [new URL(name).origin] : [];
}

/**
 * Returns the schema of a project that is compared with the SDL of a team. `null`: both are of a project or a server, which
 * have Claimgate's elements, or none is of a project.
 */
function projectAlone(
  ...compared: readonly (readonly [name: string | undefined, source: RuleSource])[]
): { readonly name: string | undefined; readonly source: RuleSource } | null {
  const projects = compared.filter(([name]) => isProject(name));
  const hasServer = compared.some(([name]) => originOf(name).length > 0);
  const [project] = projects;
  return project && projects.length === 1 && !hasServer ? { name: project[0], source: project[1] } : null;
}
