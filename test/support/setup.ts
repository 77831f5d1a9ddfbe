// The test runner calls these functions before the first test file and after the last. All test files share one
// PostgreSQL server, one build of the program, one build of the packages, and some packed packages of others.
import { shareBuiltPackages } from './built-packages.ts';
import { sendTwiceIfAsked } from './lane/switch.ts';
import { packPackages } from './packed-packages.ts';
import { postgresVariable, startPostgres } from './postgres.ts';
import { portsVariable, temporaryFolder } from './process.ts';
import { buildProgram } from './program.ts';

const ends: (() => Promise<void>)[] = [];

export async function globalSetup(): Promise<void> {
  sendTwiceIfAsked();
  await keepCompiledCode();
  await notePorts();
  // In a run of a few files, the test processes do not preload `imports.ts`.
  if (process.env['npm_lifecycle_event'] === 'test') ends.push(await packPackages());
  ends.push(await buildProgram());
  ends.push(await shareBuiltPackages());
  if (process.env[postgresVariable]) return;
  // No test kills this server, so it need not write to the disk at each commit. Tests that kill a database start their
  // own.
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    // The databases live for seconds.
    'autovacuum=off',
  ];
  const postgres = await startPostgres(settings.flatMap((setting) => ['-c', setting]));
  ends.push(() => postgres.dispose());
  process.env[postgresVariable] = postgres.url;
}

export async function globalTeardown(): Promise<void> {
  for (const end of ends) await end();
}

/** Lets all files of the run note the ports that they have given. */
async function notePorts(): Promise<void> {
  const folder = await temporaryFolder();
  ends.push(folder.remove);
  process.env[portsVariable] = folder.path;
}

/** Stores compiled code for the several hundred processes that the tests start. */
async function keepCompiledCode(): Promise<void> {
  if (process.env['NODE_COMPILE_CACHE']) return;
  const folder = await temporaryFolder();
  ends.push(folder.remove);
  process.env['NODE_COMPILE_CACHE'] = folder.path;
}
