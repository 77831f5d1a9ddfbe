#!/usr/bin/env node
import { hearStopSignals } from './cli/start/stop-signals.ts';
import { nearestHint } from './protocol/nearest.ts';

type Command = (args: readonly string[]) => Promise<number>;

// Commands are loaded late. Otherwise an old version of Node would fail to load one, before `run` can report the wrong
// version.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./cli/start/start.ts')).start,
  check: async () => (await import('./cli/check/check.ts')).check,
  init: async () => (await import('./cli/init/init.ts')).init,
  dev: async () => (await import('./cli/dev/dev.ts')).dev,
  explain: async () => (await import('./cli/ask/explain.ts')).explain,
  attack: async () => (await import('./cli/ask/attack.ts')).attack,
  coverage: async () => (await import('./cli/ask/coverage.ts')).coverage,
  diff: async () => (await import('./cli/ask/diff.ts')).diff,
  replay: async () => (await import('./cli/ask/replay.ts')).replay,
  'sign-in': async () => (await import('./cli/sign-in.ts')).signIn,
  token: async () => (await import('./cli/token/token.ts')).token,
  key: async () => (await import('./cli/key.ts')).key,
  account: async () => (await import('./cli/account.ts')).account,
  application: async () => (await import('./cli/application.ts')).application,
  session: async () => (await import('./cli/session.ts')).session,
  grant: async () => (await import('./cli/grant.ts')).grant,
  audit: async () => (await import('./cli/audit.ts')).audit,
  backup: async () => (await import('./cli/backup/backup.ts')).backup,
  restore: async () => (await import('./cli/backup/restore.ts')).restore,
  help: async () => (await import('./cli/usage.ts')).usage,
};

const words = process.argv.slice(2);
const withoutHelp = words.filter((word) => word !== '--help' && word !== '-h');
const [name = 'start', ...args] = withoutHelp.length < words.length ? ['help', ...withoutHelp] : words;
if (name === 'start') hearStopSignals();
process.exitCode = await run();

async function run(): Promise<number> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 24 || (major === 24 && minor < 9)) {
    const found = `needs Node 24.9 or newer, and this is ${process.versions.node}`;
    return complain(`${found}; a clone or a project has its own: run node_modules/.bin/node of that folder`);
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const known = Object.keys(commands);
  if (!load)
    return complain(`there is no command "${name}"; expected one of ${known.join(', ')}${nearestHint(name, known)}`);
  try {
    const command = await load();
    return await command(args);
  } catch (error) {
    // A wrong option is reported in one line. Any other error is a defect of this program, and its stack shows the
    // place.
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
    const [, option] = /^Unknown option '(--[^']+)'/.exec(error.message) ?? [];
    const hint = option === undefined ? '' : nearestHint(option, (await import('./cli/usage.ts')).optionNamesOf(name));
    // The second sentence of Node.js is about words that begin with a hyphen.
    const message = error.message.replace(/\. To specify a positional argument.*/s, '');
    return complain(`${message}${hint}; see claimgate help`);
  }
}

function complain(message: string): number {
  process.stderr.write(`claimgate: ${message}\n`);
  return 2;
}
