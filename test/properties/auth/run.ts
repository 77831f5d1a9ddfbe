import { inspect, parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { integerOption } from '../../support/options.ts';
import { ownEngine } from './engine.ts';
import { failOnUnhandled } from './unhandled-rejections.ts';
import { check, nothingSeen, worlds } from './check.ts';

/**
 * Compares the engine with the model for a number of operations, and prints the seed, the progress and the first
 * difference:
 * node test/properties/auth/run.ts --runs 200000 [--seed 1] [--shrink]
 * The exit code is 1 if they differ.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200000' },
    seed: { type: 'string' },
    shrink: { type: 'boolean', default: false },
  },
});
const runs = integerOption('runs', values.runs, 1);
const seed = integerOption('seed', values.seed ?? `${Date.now() % 2 ** 31}`, 0);

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

const seen = nothingSeen();
const begun = Date.now();
let next = 0;
print(`seed ${seed}, ${runs} operations`);

const result = await failOnUnhandled(async (assertHandled) =>
  fc.check(
    fc.asyncProperty(worlds, async (world) => {
      if (seen.asked >= runs) return;
      await check(ownEngine, world, seen);
      await assertHandled();
      if (seen.asked >= next) {
        next += Math.max(1, Math.floor(runs / 50));
        print(`${Math.round((Date.now() - begun) / 1000)} s: ${JSON.stringify(seen)}`);
      }
    }),
    { numRuns: runs, seed, endOnFailure: !values.shrink },
  ),
);
if (result.failed) {
  const { errorInstance: error, counterexamplePath } = result;
  complain(`seed ${seed}, path ${counterexamplePath}, after ${seen.asked} operations:`);
  complain(error instanceof Error ? `${error.message}\n${inspect(error.cause)}` : inspect(error));
  process.exitCode = 1;
} else {
  print(
    `no difference in ${seen.asked} operations, ${Math.round((Date.now() - begun) / 1000)} s: ${JSON.stringify(seen)}`,
  );
}
