import { parseArgs } from 'node:util';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import type { Config } from '../../config.ts';
import { StartError } from '../../errors.ts';
import { checkConfiguration } from '../../server/start/check.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { recordingFaults } from '../../server/replay/faults.ts';
import { rulesOf } from '../../testing/rules/decision.ts';
import { ruleCases } from '../../testing/rules/rule-cases.ts';
import { ruleTable } from '../../testing/rules/rule-table.ts';
import { Misuse } from '../misuse.ts';
import { printable } from '../print.ts';
import { checkedTarget, type TestFileTarget, writeTestFile } from './test-file.ts';

/**
 * How long the process may take to end afterwards, in milliseconds. The modules of a team may hold it, for example with
 * a pool of connections.
 */
const graceMs = 500;

/**
 * Finds every fault of the configuration and the schema without a start. With `--tests`, prints the callers of each rule
 * and writes them as a test file.
 *
 * @returns the exit code: 0 without a fault, 1 with faults, 2 wrong usage
 */
export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      tests: { type: 'boolean', default: false },
      out: { type: 'string' },
      runner: { type: 'string' },
      yes: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  try {
    if (positionals.length > 0) throw new Misuse(`expected no argument beside the options; found ${positionals[0]}`);
    const target = checkedTarget(values, process.cwd());
    const { config, faults } = await readServerConfig(process.env, process.cwd());
    const warnings: string[] = [];
    const known = [...faults, ...recordingFaults(config)];
    const guarded = await checkConfiguration(config, known, (warning) => warnings.push(warning));
    for (const warning of warnings) process.stdout.write(`warning: ${printable(warning)}\n`);
    if (!values.tests) process.stdout.write(summary(config));
    else await testRules(guarded, config, target);
    return 0;
  } catch (error) {
    if (error instanceof Misuse) {
      process.stderr.write(`claimgate check: ${printable(error.message)}\n`);
      return 2;
    }
    if (!(error instanceof StartError)) throw error;
    const list = error.faults.map((fault) => `  - ${fault}\n`).join('');
    process.stderr.write(`Claimgate cannot start:\n${list}`);
    return 1;
  } finally {
    setTimeout(() => process.exit(), graceMs).unref();
  }
}

function summary({ modules }: Config): string {
  const names = modules.map(({ name }) => name).join(', ');
  return `No faults in the configuration and the schema (modules: ${printable(names || 'none')}). Not checked: the database, the port, and issuers.\n`;
}

/** Prints the table of the rules of the team's modules, and writes the test file. */
async function testRules(guarded: GuardedSchema, config: Config, target: TestFileTarget | null): Promise<void> {
  const elements = ruleCases(guarded, rulesOf(config.modules.map(({ name }) => name)));
  if (elements.length === 0) {
    if (target) throw new Misuse('--out: expected a configuration whose modules have rules; found no rule');
    process.stdout.write('The modules of the configuration have no rule.\n');
    return;
  }
  // A file that exists without a yes is reported in one line. Therefore the table is printed afterwards.
  if (target) await writeTestFile(target, elements, process.env);
  process.stdout.write(printableLines(ruleTable(elements)));
  if (!target) return;
  const count = elements.reduce((sum, { cases }) => sum + cases.length, 0);
  process.stdout.write(`\nWrote ${printable(target.path)}: ${count} tests of ${elements.length} elements.\n`);
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
