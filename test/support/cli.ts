import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './process.ts';
import { program } from './program.ts';

/** What a command did. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The lines of `--json`. */
  readonly json: () => any[];
}

/** Runs `claimgate` as a person or a script would, with something on standard input. */
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
  // It may have ended before all was written.
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
