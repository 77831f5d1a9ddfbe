/**
 * Checks the source against the table of rooms (rooms.ts), and prints one line for each fault. `npm run check` runs it.
 * If the command has a folder as argument, this folder is checked instead of the project.
 */
import { checks } from './checks.ts';
import { rooms } from './rooms.ts';
import { readSource } from './source.ts';

const root = process.argv[2] ?? new URL('../../', import.meta.url).pathname;
const files = readSource(root, ['src', 'test']);
if (files.size === 0) throw new Error(`${root} has no TypeScript file in src/ or test/`);
const faults = checks.flatMap(({ check }) => check({ files, rooms }));
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) {
  process.stderr.write(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} of the architecture\n`);
  process.exitCode = 1;
}
