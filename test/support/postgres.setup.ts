// The runner calls this before the first test file and after the last: one PostgreSQL serves them all.
import { postgresVariable, type RunningPostgres, startPostgres } from './postgres.ts';

let running: RunningPostgres | undefined;

export async function globalSetup(): Promise<void> {
  if (process.env[postgresVariable]) return;
  running = await startPostgres();
  process.env[postgresVariable] = running.url;
}

export async function globalTeardown(): Promise<void> {
  await running?.dispose();
}
