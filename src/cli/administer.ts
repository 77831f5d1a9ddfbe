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

/** What a command works with: the database itself, beside running servers. */
export interface Desk {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly publicUrl: string;
  readonly keys: Administration['keys'];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly printer: Printer;
  /** Makes a change and writes into the audit trail what `told` says of it, in one transaction: neither is there without the other. */
  readonly changing: <T>(
    change: (transaction: Store) => Promise<T>,
    told: (changed: T) => readonly [type: AuditType, detail: string] | null,
  ) => Promise<T>;
}

/** One of the things that a command can do. */
export type Task = (desk: Desk, given: Given) => Promise<void>;

/** What a task was given. */
export interface Given {
  /** What stands beside the options: @throws Misuse unless it is this many, named for the message. */
  readonly words: <Names extends readonly string[]>(...names: Names) => { [Index in keyof Names]: string };
  /** All of it. */
  readonly all: readonly string[];
  readonly option: (name: string) => string | undefined;
  readonly options: (name: string) => readonly string[] | undefined;
  readonly flag: (name: string) => boolean;
}

/** Tasks by name, with the options they take. */
export type Tasks = Readonly<Record<string, { readonly options?: ParseArgsOptionsConfig; readonly task: Task }>>;

/** Does one of a command's tasks. @returns the exit code: 0 done, 1 refused or failed, 2 misused */
export async function administer(command: string, tasks: Tasks, args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const found = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  const known = Object.keys(tasks);
  if (!found) {
    const what = `expected one of ${known.join(', ')}${nearestHint(name, known)}; see claimgate help ${command}`;
    return say(command, what, 2);
  }
  return atDesk(`${command} ${name}`, found, rest);
}

/** Does the one task that a command has. @returns the exit code */
export async function atDesk(
  command: string,
  { options, task }: Tasks[string],
  args: readonly string[],
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...options, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const { config, faults } = await readServerConfig(process.env, process.cwd());
  if (faults.length > 0) return say(command, faults.join('\n  '), 2);
  const opened = await openAdministration(config).catch((error: unknown) => inWords(error));
  if (typeof opened === 'string') return say(command, opened, 1);
  const { store } = opened;
  try {
    await task(
      {
        ...opened,
        now: Date.now,
        printer: createPrinter(values.json, (text) => process.stdout.write(text)),
        changing: (change, told) =>
          changeAudited(store, change, (changed) => {
            const fact = told(changed);
            return fact ? [byCommandLine(...fact)] : [];
          }),
      },
      given(values, positionals),
    );
    return 0;
  } catch (error) {
    if (error instanceof Misuse) return say(command, error.message, 2);
    const reason = databaseReason(error);
    if (reason !== null) return say(command, reason, 1);
    if (error instanceof ClaimgateError) return say(command, error.message.replace(/^input\./, ''), 1);
    throw error;
  } finally {
    await store.destroy();
  }
}

function byCommandLine(type: AuditType, detail: string): CountedFact {
  const nobody = { coordinate: null, rule: null, accountId: null, clientId: null };
  const fact = { type, outcome: 'allowed', ...nobody, detail: `command line: ${detail}` } as const;
  return { fact, count: 1, at: Date.now() };
}

function given(values: Readonly<Record<string, unknown>>, all: readonly string[]): Given {
  return {
    all,
    words(...names) {
      if (all.length === names.length) return all as { [Index in keyof typeof names]: string }; // as many as names
      throw new Misuse(`expected ${names.join(' ') || 'no argument beside the options'}`);
    },
    option: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    options: (name) => (Array.isArray(values[name]) ? values[name].map(String) : undefined),
    flag: (name) => values[name] === true,
  };
}

function say(command: string, what: string, code: number): number {
  process.stderr.write(`claimgate ${command}: ${what}\n`);
  return code;
}

/** The person who works here knows which database it is, and can do something about it. */
function inWords(error: unknown): string {
  return databaseReason(error) ?? (error instanceof Error ? error.message : String(error));
}
