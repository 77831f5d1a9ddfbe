// The runner calls this before the first test file and after the last: one PostgreSQL serves them all.
import { postgresVariable, type RunningPostgres, startPostgres } from './postgres.ts';

let running: RunningPostgres | undefined;

export async function globalSetup(): Promise<void> {
  if (process.env[postgresVariable]) return;
  // Of this one nobody takes the power away, as far as tests go: those that kill a database have their own.
  running = await startPostgres(['-c', 'fsync=off', '-c', 'full_page_writes=off']);
  process.env[postgresVariable] = running.url;
}

export async function globalTeardown(): Promise<void> {
  await running?.dispose();
}
