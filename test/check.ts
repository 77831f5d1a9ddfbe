/**
 * Runs every script of package.json whose name begins with `check:`, several at once.
 * Each of them only reads. The output of a script is printed when it fails, and the exit code is then 1.
 * Run by `npm run check`, which puts the programs of the packages into `PATH`.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { root } from './support/process.ts';

const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
const checks = Object.entries(scripts).filter(([name]) => name.startsWith('check:'));
if (checks.length === 0) throw new Error('package.json: expected scripts whose names begin with check:, found none');

const rest = checks.values();
const workers = Array.from({ length: Math.max(availableParallelism(), 2) }, async () => {
  for (const [name, command] of rest) await check(name, command);
});
await Promise.all(workers);

async function check(name: string, command: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  execFile('sh', ['-c', command], { cwd: root, maxBuffer: Infinity }, (error, out, err) => {
    if (error) {
      process.stderr.write(`npm run ${name}: ${command}\n${out}${err}`);
      process.exitCode = 1;
    }
    resolve();
  });
  await promise;
}
