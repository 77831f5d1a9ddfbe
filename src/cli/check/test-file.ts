import { existsSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { configFilesIn } from '../../config/read-file.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { quoted } from '../../testing/rules/rule-callers.ts';
import type { RuledCases } from '../../testing/rules/rule-cases.ts';
import { type Runner, runners, ruleTestFile } from '../../testing/rules/rule-test-file.ts';
import { Misuse } from '../misuse.ts';
import { confirm } from '../terminal/confirm.ts';

/** Where and how a test file is written. */
export interface TestFileTarget {
  /** The absolute path. */
  readonly path: string;
  /** The path as it was given. */
  readonly given: string;
  readonly runner: Runner;
  readonly mayOverwrite: boolean;
  /** The configuration file that the test file imports. */
  readonly configPath: string;
}

/** The options of the command that decide about the file. */
interface FileOptions {
  readonly tests: boolean;
  readonly out?: string | undefined;
  readonly runner?: string | undefined;
  readonly yes: boolean;
}

const endings: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Checks the options of the test file, before anything is loaded.
 *
 * @returns `null`: no file is written
 * @throws Misuse for a wrong option
 */
export function checkedTarget(
  { tests, out, runner = 'node', yes }: FileOptions,
  directory: string,
): TestFileTarget | null {
  if (!tests && (out !== undefined || yes)) throw new Misuse('--out, --yes: expected --tests too');
  const known = Object.keys(runners);
  if (!isRunner(runner)) {
    throw new Misuse(`--runner ${runner}: expected one of ${known.join(', ')}${nearestHint(runner, known)}`);
  }
  if (out === undefined) return null;
  const path = resolve(directory, out);
  if (!endings.includes(extname(path))) {
    throw new Misuse(`--out ${out}: expected a file name that ends with ${endings.join(', ')}`);
  }
  if (!existsSync(dirname(path)))
    throw new Misuse(`--out ${out}: expected a folder that exists; found none at ${dirname(path)}`);
  if (existsSync(path) && !statSync(path).isFile()) throw new Misuse(`--out ${out}: expected a file; found a folder`);
  const [configPath] = configFilesIn(directory, process.env['CLAIMGATE_CONFIG']);
  if (configPath === undefined) {
    throw new Misuse(`--out ${out}: expected claimgate.config.ts, .js or .mjs in this folder; found none`);
  }
  if (configPath === path) throw new Misuse(`--out ${out}: expected another file than the configuration`);
  return { path, given: out, runner, mayOverwrite: yes, configPath };
}

function isRunner(name: string): name is Runner {
  return Object.hasOwn(runners, name);
}

/** The variables that decide the schema and its faults. None of them is a secret, so the test file may have them. */
const schemaVariables = ['CLAIMGATE_ISSUER', 'CLAIMGATE_PUBLIC_URL', 'CLAIMGATE_AUDIENCE'] as const;

/**
 * Writes the test file. An existing file is overwritten only after a yes: by the option, or on a terminal. If the file
 * cannot be written completely, nothing is written.
 *
 * @param environment - the environment variables of the check
 * @throws Misuse if the file exists without a yes, or cannot be written
 */
export async function writeTestFile(
  target: TestFileTarget,
  elements: readonly RuledCases[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { path, given, runner, configPath } = target;
  if (existsSync(path)) await confirm(`--out ${given}: the file exists, and is overwritten.`, target.mayOverwrite);
  const variables = schemaVariables.flatMap((name) => {
    const value = environment[name];
    return value ? [`${name}: ${quoted(value)}`] : [];
  });
  const settings = variables.length > 0 ? `, { ${variables.join(', ')} }` : '';
  const flags = runner === 'node' ? '' : ` --runner ${runner}`;
  const text = ruleTestFile(elements, {
    names: ['schemaOf'],
    from: 'claimgate-server/testing',
    imports: [`import config from ${quoted(importPath(dirname(path), configPath))};`],
    schema: `await schemaOf(config${settings})`,
    modules: '(config.modules ?? []).map(({ name }) => name)',
    runner,
    isTyped: path.endsWith('ts'),
    command: `claimgate check --tests --out ${given}${flags}`,
  });
  const complete = `${path}.${process.pid}.new`;
  try {
    await writeFile(complete, text, { flag: 'wx' });
    await rename(complete, path);
  } catch (error) {
    await rm(complete, { force: true });
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new Misuse(`--out ${given}: expected a file that can be written; ${String(code ?? error)}`);
  }
}

function importPath(from: string, to: string): string {
  const path = relative(from, to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
