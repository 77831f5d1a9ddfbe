import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import * as fc from 'fast-check';
import { dose } from '../../support/dose.ts';
import { plantedEngines } from '../../support/planted.ts';
import { run } from '../../support/process.ts';
import { compareExecutor } from '../equality/executor.ts';
import { compareOddExecutor } from '../equality/executor-odd.ts';
import type { Doses } from '../equality/repeat.ts';
import { check, nothingSeen, questionsEach, worlds } from './check.ts';
import type { Engine } from './engine.ts';
import { failOnUnhandled } from './unhandled-rejections.ts';
import { executionFaults, type Finder } from './execution-faults.ts';
import { modelFaults } from './model-faults.ts';
import { type Fault, oldFaults } from './old-faults.ts';

const faults: Readonly<Record<string, Fault>> = { ...oldFaults, ...modelFaults };

const engines = plantedEngines();
before(engines.start);
after(engines.end);
const { plant, faulty } = engines;

/** Returns after how many operations the model finds a fault. `null`: it finds none. */
async function find(engine: Engine, seed: number, numRuns: number): Promise<number | null> {
  const seen = nothingSeen();
  const { failed } = await failOnUnhandled(async (assertHandled) =>
    fc.check(
      fc.asyncProperty(worlds, async (world) => {
        await check(engine, world, seen);
        await assertHandled();
      }),
      { numRuns, seed, endOnFailure: true },
    ),
  );
  return failed ? seen.asked : null;
}

it('the model finds nothing in a copy without a fault', async () => {
  assert.equal(await find(await faulty('none', []), 4, 50), null);
});

/** Runs `sweep.ts` on an engine, in a process whose stack has this size in kB, and returns what it prints. */
async function sweep(copy: string, stack: number) {
  // The process has the planted copy of the kit and this one, and would warn of it.
  const flags = [`--stack-size=${stack}`, '--no-opt', '--no-maglev', '--no-sparkplug', '--no-warnings'];
  const child = run([...flags, join(import.meta.dirname, 'sweep.ts'), copy]);
  assert.equal(await child.ended, 0, child.output());
  return JSON.parse(child.output()) as { found: number | null; denied: number; exhausted: number };
}

it('E-1 the sweep of depths finds nothing in a copy without a fault', async (t) => {
  const { found, denied, exhausted } = await sweep(await plant('none swept', []), 400);
  t.diagnostic(JSON.stringify({ denied, exhausted }));
  assert.equal(found, null);
  assert.ok(denied > 20 && exhausted > 20, 'the stack holds some of the depths, and not others');
});

const each = dose('properties/auth/faults.test.ts');
const planted = Object.entries(faults).filter((_, index) => index % each === 0);

for (const [name, fault] of planted) {
  if (name.startsWith('E-1 ')) {
    it(`the sweep of depths finds that ${name}`, async (t) => {
      const { found } = await sweep(await plant(name, fault), 400);
      assert.notEqual(found, null);
      t.diagnostic(`at a depth of ${found}`);
    });
    continue;
  }
  it(`the model finds that ${name}`, async (t) => {
    const asked = await find(await faulty(name, fault), 4, 1200);
    assert.notEqual(asked, null);
    t.diagnostic(`after ${asked} operations`);
  });
}

/** Compares an executor, and returns after how many operations it differs. `null`: it does not differ. */
const finders: Readonly<Record<Finder, (engine: Engine, operations: number) => Promise<number | null>>> = {
  model: (engine, operations) => find(engine, 4, operations / questionsEach),
  executor: (engine, operations) => countToDifference(compareExecutor, engine, { operations, seed: 200 }),
  'executor-odd': (engine, operations) => countToDifference(compareOddExecutor, engine, { operations, seed: 4 }),
};

async function countToDifference(
  compare: (doses: Doses, engine: Engine) => Promise<unknown>,
  engine: Engine,
  doses: Doses,
): Promise<number | null> {
  try {
    await compare(doses, engine);
    return null;
  } catch (error) {
    const [, done] = /^after (\d+) operations/.exec(error instanceof Error ? error.message : '') ?? [];
    if (done === undefined) throw error;
    return Number(done);
  }
}

it('the comparison "executor" finds nothing in a copy without a fault', async () => {
  assert.equal(await finders.executor(await faulty('none', []), 100), null);
});

const plantedExecutors = Object.entries(executionFaults)
  .flatMap(([finder, ofFinder]) =>
    Object.entries(ofFinder).map(([name, fault]) => ({ finder: finder as Finder, name, fault })),
  )
  .filter((_, index) => index % each === 0);

for (const { finder, name, fault } of plantedExecutors) {
  it(`the comparison "${finder}" finds that ${name}`, async (t) => {
    const asked = await finders[finder](await faulty(name, fault), 2_500);
    assert.notEqual(asked, null);
    t.diagnostic(`after ${asked} operations`);
  });
}
