#!/usr/bin/env node
import { signIn } from './cli/sign-in.ts';
import { start } from './cli/start.ts';
import { usage } from './cli/usage.ts';

const [command = 'start', ...rest] = process.argv.slice(2);
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start,
  'sign-in': signIn,
  help: usage,
};

const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
if (run) {
  process.exitCode = await run(rest);
} else if (command === '--help' || command === '-h') {
  process.exitCode = await usage([]);
} else {
  process.stderr.write(
    `claimgate: there is no command "${command}"; expected one of ${Object.keys(commands).join(', ')}\n`,
  );
  process.exitCode = 2;
}
