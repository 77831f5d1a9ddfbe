#!/usr/bin/env node
import { signIn } from './cli/sign-in.ts';
import { start } from './cli/start.ts';
import { usage } from './cli/usage.ts';

type Command = (args: readonly string[]) => Promise<number>;
const commands: Readonly<Record<string, Command>> = {
  start,
  'sign-in': signIn,
  help: usage,
  '--help': usage,
  '-h': usage,
};

const [name = 'start', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
process.exitCode = command ? await command(args).catch(misused) : unknown();

function unknown(): number {
  const known = Object.keys(commands).filter((key) => !key.startsWith('-'));
  process.stderr.write(`claimgate: there is no command "${name}"; expected one of ${known.join(', ')}\n`);
  return 2;
}

/** A wrong option is told in a line; anything else is a defect of ours, and shows where it is. */
function misused(error: unknown): number {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
  process.stderr.write(`claimgate ${name}: ${error.message}; see claimgate help\n`);
  return 2;
}
