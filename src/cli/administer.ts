import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { readServerConfig } from '../server/configuration.ts';
import { ClaimgateError } from '../errors.ts';
import type { AuditType } from '../audit/event-types.ts';
import type { CountedFact } from '../audit/facts.ts';
import { changeAudited } from '../audit/write.ts';
import type { ScopeCatalogue } from '../identity/grants/scopes.ts';
import type { Store } from '../identity/store.ts';
import { type Administration, databaseReason, openAdministration } from '../server/administration.ts';
import { Misuse } from './misuse.ts';
import { createPrinter, type Printer } from './print.ts';
import { nearestHint } from '../protocol/nearest.ts';

/**
 * The values and functions that the tasks of a command use. A task changes the database directly. Servers may be
 * running on this database.
 */
export interface CommandContext {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly publicUrl: string;
  readonly keys: Administration['keys'];
  readonly server: Administration['server'];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly printer: Printer;
  /**
   * Makes a change. In the same transaction, records the result of `describe` in the audit trail: one fact, or several.
   * If the result is null, nothing is recorded.
   */
  readonly changing: <T>(
    change: (transaction: Store) => Promise<T>,
    describe: (changed: T) => DescribedFact | readonly DescribedFact[] | null,
  ) => Promise<T>;
}

/** A fact about a change, for the audit trail. */
type DescribedFact = readonly [type: AuditType, detail: string];

/** One task of a command, such as `list`. */
export type Task = (context: CommandContext, args: TaskArguments) => Promise<void>;

/** The arguments of a task. */
export interface TaskArguments {
  /**
   * Returns the arguments that are not options, by the given names.
   *
   * @throws Misuse if the numbers of arguments and names differ. The message lists the names
   */
  readonly words: <Names extends readonly string[]>(...names: Names) => { [Index in keyof Names]: string };
  /** All arguments that are not options. */
  readonly all: readonly string[];
  readonly option: (name: string) => string | undefined;
  readonly options: (name: string) => readonly string[] | undefined;
  readonly flag: (name: string) => boolean;
}

/** Tasks by name, with their options. */
export type Tasks = Readonly<Record<string, { readonly options?: ParseArgsOptionsConfig; readonly task: Task }>>;

/** Runs the task that the first argument names. @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage */
export async function administer(command: string, tasks: Tasks, args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const found = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  const known = Object.keys(tasks);
  if (!found) {
    const message = `expected one of ${known.join(', ')}${nearestHint(name, known)}; see claimgate help ${command}`;
    return complain(command, message, 2);
  }
  return runTask(`${command} ${name}`, found, rest);
}

/** Runs one task. @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage */
export async function runTask(
  command: string,
  { options, task }: Tasks[string],
  args: readonly string[],
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: args.map(markedId),
    options: { ...options, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const { config, faults } = await readServerConfig(process.env, process.cwd());
  if (faults.length > 0) return complain(command, faults.join('\n  '), 2);
  const opened = await openAdministration(config).catch((error: unknown) => describeError(error));
  if (typeof opened === 'string') return complain(command, opened, 1);
  const { store } = opened;
  try {
    await task(
      {
        ...opened,
        now: Date.now,
        printer: createPrinter(values.json, (text) => process.stdout.write(text)),
        changing: (change, describe) =>
          changeAudited(store, change, (changed) => listed(describe(changed)).map((fact) => byCommandLine(...fact))),
      },
      argumentsOf(values, positionals),
    );
    return 0;
  } catch (error) {
    if (error instanceof Misuse) return complain(command, error.message, 2);
    const reason = databaseReason(error);
    if (reason !== null) return complain(command, reason, 1);
    if (error instanceof ClaimgateError) return complain(command, error.message.replace(/^input\./, ''), 1);
    throw error;
  } finally {
    await store.destroy();
  }
}

function listed(described: DescribedFact | readonly DescribedFact[] | null): readonly DescribedFact[] {
  if (described === null) return [];
  // `as`: TypeScript does not conclude the kind of the array from its first item.
  return (typeof described[0] === 'string' ? [described] : described) as readonly DescribedFact[];
}

function byCommandLine(type: AuditType, detail: string): CountedFact {
  const withoutCaller = { coordinate: null, rule: null, accountId: null, clientId: null };
  const fact = { type, outcome: 'allowed', ...withoutCaller, detail: `command line: ${detail}` } as const;
  return { fact, count: 1, at: Date.now() };
}

/** No argument of a process can have this character. */
const mark = '\0';

/**
 * Marks an ID that begins with a hyphen, so that it is not read as an option. One of 64 IDs begins so. An ID has a
 * capital letter, a digit or `_`, which no name of an option has.
 */
function markedId(argument: string): string {
  return /^-(?=[\w-]{20,}$)(?=.*[A-Z\d_])/.test(argument) ? mark + argument : argument;
}

function unmarked(argument: string): string {
  return argument.startsWith(mark) ? argument.slice(mark.length) : argument;
}

function argumentsOf(values: Readonly<Record<string, unknown>>, positionals: readonly string[]): TaskArguments {
  const all = positionals.map(unmarked);
  return {
    all,
    words(...names) {
      if (all.length === names.length) return all as { [Index in keyof typeof names]: string }; // as many as names
      throw new Misuse(`expected ${names.join(' ') || 'no argument beside the options'}`);
    },
    option: (name) => (typeof values[name] === 'string' ? unmarked(values[name]) : undefined),
    options: (name) => (Array.isArray(values[name]) ? values[name].map(String).map(unmarked) : undefined),
    flag: (name) => values[name] === true,
  };
}

function complain(command: string, message: string, exitCode: number): number {
  process.stderr.write(`claimgate ${command}: ${message}\n`);
  return exitCode;
}

/**
 * Describes an error for the person at the terminal. This person administers the database. Therefore the text may have
 * the driver's own message.
 */
function describeError(error: unknown): string {
  return databaseReason(error) ?? (error instanceof Error ? error.message : String(error));
}
