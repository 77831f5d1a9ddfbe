import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { root, until } from './process.ts';

/** The programs that give a process a pseudo-terminal. The first one that exists is used. */
const programs: Readonly<Record<string, (command: readonly string[]) => readonly string[]>> = {
  script: (command) => [
    '--quiet',
    '--return',
    '--command',
    command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '),
    '/dev/null',
  ],
  python3: (command) => [
    '-c',
    'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))',
    ...command,
  ],
};

const found = Object.keys(programs).find((name) => spawnSync(name, ['--version']).status === 0);

/** The reason why no process can get a terminal; false: one can. For the option `skip` of a test. */
export const noTerminal: string | false =
  found === undefined && `none of ${Object.keys(programs).join(', ')} is installed, so there is no terminal`;

/** A process on a terminal. */
export interface OnTerminal {
  readonly child: ChildProcess;
  /** Everything that the terminal has shown. It shows what is typed, too. */
  output(): string;
  /** Waits until the terminal shows a text after the last typed line, and then types a line. */
  answer(question: string, line: string): Promise<void>;
  /** Settles when the process has ended. */
  readonly ended: Promise<number | string>;
}

/** Runs the project's Node.js with these arguments on a terminal. */
export function runOnTerminal(
  args: readonly string[],
  { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): OnTerminal {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  const command = [process.execPath, ...args];
  const child = spawn(found ?? '', programs[found ?? '']?.(command) ?? [], {
    cwd,
    env: {
      PATH,
      HOME,
      TERM: 'dumb',
      NO_COLOR: '1',
      SHELL: '/bin/sh',
      ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
      ...env,
    },
  });
  let output = '';
  let read = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? ''));
  });
  return {
    child,
    output: () => output,
    ended,
    async answer(question, line) {
      await until(() => {
        if (child.exitCode !== null) throw new Error(`the process ended before "${question}":\n${output}`);
        return output.indexOf(question, read) >= 0;
      }, 30_000);
      read = output.length;
      child.stdin.write(`${line}\r`);
    },
  };
}
