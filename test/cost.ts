/**
 * Prints the processor seconds of test files, with all processes that they start.
 *
 *     node test/cost.ts FILE…
 *
 * The files run one after the other, at the dose of `TEST_DOSE`. PostgreSQL, the built program, the built packages and the
 * packed packages are shared, as in a run of all tests, and not counted.
 */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { globalSetup, globalTeardown } from './support/setup.ts';
import { packPackages } from './support/packed-packages.ts';
import { root } from './support/process.ts';

const files = process.argv.slice(2);
if (files.length === 0)
  throw new Error('node test/cost.ts: expected the paths of test files, such as test/x/y.test.ts');

await globalSetup();
const removePacked = await packPackages();
try {
  for (const file of files) {
    // The last line of `times` is the time of all processes that the shell waited for. Chromium does not wait for some of
    // its own, so of a browser about half is counted.
    const script =
      '"$0" --import=./test/support/imports.ts --test-reporter=dot "$1" >/dev/null; code=$?; times; exit $code';
    const child = spawn('sh', ['-c', script, process.execPath, file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    const times = [...printed.matchAll(/(\d+)m([\d.]+)s/g)]
      .slice(-2)
      .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
    const sum = times.reduce((total, seconds) => total + seconds, 0);
    process.stdout.write(`${sum.toFixed(1)} s  ${file}${code === 0 ? '' : '  (failed)'}\n`);
  }
} finally {
  await removePacked();
  await globalTeardown();
}
