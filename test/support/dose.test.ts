import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { dose, doses } from './dose.ts';
import { root } from './process.ts';

const part = 'fuzz/token.test.ts';

describe('the dose of the tests', () => {
  it('is small without the variable, and full where it says so', () => {
    assert.equal(dose(part, ''), doses[part].small);
    assert.equal(dose(part, 'full'), doses[part].full);
  });

  for (const typo of ['Full', 'ful', 'small', ' full']) {
    it(`is refused as ${JSON.stringify(typo)}`, () => {
      assert.throws(() => dose(part, typo), /TEST_DOSE=.*expected full/);
    });
  }

  it('is stated for files that exist', () => {
    for (const path of Object.keys(doses)) assert.ok(existsSync(join(root, 'test', path)), path);
  });
});
