import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dose } from '../support/dose.ts';
import { fuzz } from './run.ts';

const count = dose('fuzz/token.test.ts');

it(`A-2 each of ${count} mutated tokens is refused, without another effect`, async (t) => {
  const seed = Date.now() % 2 ** 32;
  t.diagnostic(`node test/fuzz/token.ts --seed ${seed}`);
  const { reasons, slowest } = await fuzz({ count, seed });
  assert.ok(slowest.milliseconds < 1000, `${slowest.mutation} took ${slowest.milliseconds} ms`);
  // If reasons contained parts of tokens, there would be as many reasons as tokens.
  const given = Object.keys(reasons).length;
  assert.ok(given > 10 && given < 50, `${given} reasons`);
});
