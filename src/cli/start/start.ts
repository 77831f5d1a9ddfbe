import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleQuery, identityApiOfExamples } from '../../api/names/own-names.ts';
import type { Config } from '../../config.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { StartError } from '../../errors.ts';
import { type FirstPassword, type RunningServer, startServer } from '../../server.ts';
import { onStopSignal } from './stop-signals.ts';

/** How long a stop waits for requests in progress. Afterwards the process ends with exit code 1. */
const stopTimeoutMs = 10_000;

/**
 * Starts the server. At SIGTERM or SIGINT, the server completes the requests in progress, for at most 10 s, and stops.
 *
 * @returns the exit code
 */
export async function start(args: readonly string[]): Promise<number> {
  parseArgs({ args: [...args], options: {} });
  return startAndReport(process.stdout.isTTY);
}

/**
 * Starts the server in this process, and reports faults of the start on standard error.
 *
 * @param isWelcome - whether to print the addresses of the server
 * @returns the exit code. With 0, the server is listening
 */
export async function startAndReport(isWelcome: boolean): Promise<number> {
  const terminal = process.stdout.isTTY;
  try {
    const { config, faults } = await readServerConfig(process.env, process.cwd());
    const server = await startServer(config, { faults, announce: terminal ? showPassword : keepPassword });
    if (isWelcome) process.stdout.write(welcome(server, config));
    stopOnSignal(server);
    return 0;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const list = error.faults.map((fault) => `  - ${fault}\n`).join('');
    process.stderr.write(`Claimgate cannot start:\n${list}`);
    return 1;
  }
}

function showPassword({ email, password }: FirstPassword): void {
  process.stdout.write(
    `\n  First start. Sign in as ${email} with the password ${password}\n  It is shown this once.\n`,
  );
}

/**
 * Writes the password into a file and prints the path of the file. It is for a start without a terminal. A log may then
 * store the output, and the password must not be in a log.
 */
function keepPassword({ email, password, folder }: FirstPassword): void {
  const path = join(folder, 'first-password');
  try {
    writeFileSync(path, `${email}\n${password}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new StartError([
      `${path}: expected to write the administrator's first password here, to a new file; ${notWritten(error)}; or set CLAIMGATE_ADMIN_PASSWORD`,
    ]);
  }
  process.stdout.write(`First start: email address and password of the administrator are in ${path}\n`);
}

/** Describes why the file was not written. A file that exists is kept, because it may be the only copy of a password. */
function notWritten(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
    return 'a file of an earlier first start is there, of another database or of a start that was interrupted: move it away, or delete it if no account has its password';
  }
  return error instanceof Error ? error.message : String(error);
}

function welcome({ url, embedded }: RunningServer, config: Config): string {
  const query = exampleQuery(identityApiOfExamples(config), 'scopes', 'name description');
  return `
  Claimgate is ready.

    Explore      ${url}/graphql
    Query        curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"${query}"}'
${embedded ? '    Sign in      npm run sign-in    (in another terminal)\n' : ''}
`;
}

function stopOnSignal(server: RunningServer): void {
  onStopSignal(() => {
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
