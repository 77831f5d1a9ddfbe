import { inspect, parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { integerOption } from '../support/options.ts';
import { type Findings, type FuzzOptions, fuzz } from './run.ts';

/** A token that takes longer is reported as a hang, in milliseconds. */
const patience = 5000;

/**
 * `node test/fuzz/token.ts --count 1000000 --seed 1`: verifies this many mutated tokens. It fails if a token is
 * accepted, crashes the verifier, or hangs.
 * A worker thread verifies the tokens, so that this thread can detect and end a hang.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } });
  const count = integerOption('count', values.count ?? '1000000', 1);
  const seed = integerOption('seed', values.seed ?? `${Date.now() % 2 ** 32}`, 0);
  print(`${count} tokens, --seed ${seed}`);
  // The index of the current token, shared by both threads.
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { count, seed, progress } });
  let seen = -1;
  const watch = setInterval(() => {
    const index = Atomics.load(progress, 0);
    if (index === seen) {
      process.stderr.write(`token ${index} hangs: nothing came of it in ${patience} ms\n`);
      process.exit(1);
    }
    seen = index;
  }, patience);
  worker.on('message', (findings: Findings) => report(findings));
  worker.on('error', (error) => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exitCode = 1;
  });
  worker.on('exit', () => clearInterval(watch));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function report({ count, elapsed, slowest, reasons }: Findings): void {
  const each = ((elapsed * 1000) / count).toFixed(1);
  print(`${count} refused in ${(elapsed / 1000).toFixed(1)} s, ${each} µs each; none accepted, no crash, no hang`);
  print(`the slowest: ${slowest.milliseconds.toFixed(1)} ms, ${slowest.length} characters, ${slowest.mutation}`);
  for (const [reason, times] of Object.entries(reasons).toSorted(([, a], [, b]) => b - a)) {
    print(`${String(times).padStart(9)}  ${reason}`);
  }
}

if (isMainThread) {
  await main();
} else {
  // `main` provides this data.
  const { progress, ...options } = workerData as FuzzOptions & { progress: Int32Array };
  const findings = await fuzz({ ...options, onToken: (index) => Atomics.store(progress, 0, index) });
  parentPort?.postMessage(findings, []);
}
