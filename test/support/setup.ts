// The runner calls this before the first test file and after the last: one PostgreSQL and one build serve them all.
import { postgresVariable, startPostgres } from './postgres.ts';
import { temporaryFolder } from './process.ts';
import { buildProgram } from './program.ts';

const ends: (() => Promise<void>)[] = [];

export async function globalSetup(): Promise<void> {
  await keepCompiledCode();
  ends.push(await buildProgram());
  if (process.env[postgresVariable]) return;
  // Of this one nobody takes the power away, as far as tests go: those that kill a database have their own.
  const postgres = await startPostgres(['-c', 'fsync=off', '-c', 'full_page_writes=off']);
  ends.push(() => postgres.dispose());
  process.env[postgresVariable] = postgres.url;
}

export async function globalTeardown(): Promise<void> {
  for (const end of ends) await end();
}

/** Several hundred processes of the same code start: each finds what the one before it compiled. */
async function keepCompiledCode(): Promise<void> {
  if (process.env['NODE_COMPILE_CACHE']) return;
  const folder = await temporaryFolder();
  ends.push(folder.remove);
  process.env['NODE_COMPILE_CACHE'] = folder.path;
}
