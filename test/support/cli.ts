import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './process.ts';
import { program } from './program.ts';

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Parses the lines that `--json` prints. */
  readonly json: () => any[];
}

/** Runs the command `claimgate` in its own process, with a text on standard input. */
export async function claimgate(
  args: readonly string[],
  { env = {}, cwd = root, input = '' }: { env?: Record<string, string>; cwd?: string; input?: string } = {},
): Promise<CommandResult> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [...program, ...args], {
    cwd,
    env: { PATH, HOME, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...env },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    texts.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    texts.err += chunk.toString();
  });
  // The process may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  const json = () =>
    texts.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { code: Number(code), ...texts, json };
}
