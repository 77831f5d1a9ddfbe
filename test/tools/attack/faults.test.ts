import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AttackReport } from '../../../src/tools/attack/report/findings.ts';
import { attack } from '../../../src/testing/attack.ts';
import { dose } from '../../support/dose.ts';
import { plantedEngines } from '../../support/planted.ts';
import { modelFaults } from '../../properties/auth/model-faults.ts';
import { type Fault, oldFaults } from '../../properties/auth/old-faults.ts';
import type { Engine } from '../../properties/auth/engine.ts';
import { moreFaults } from './more-faults.ts';
import { shop } from './shop.ts';

const engines = plantedEngines();
before(engines.start);
after(engines.end);

/** Attacks a schema that an engine guards. Only its own makers make principals that it accepts. */
function attackEngine({ createGuardedSchema, anonymous, makePrincipal }: Engine, stopAfter = 1): Promise<AttackReport> {
  return attack(shop, {
    stopAfter,
    createSchema: createGuardedSchema,
    context: (principal) => ({
      principal: principal.kind === 'anonymous' ? anonymous : makePrincipal({ ...principal }),
    }),
  });
}

/** The faults that open nothing (they deny more, or change what authors see), and the one that needs an exhausted stack. */
const opensNothing = /^(?:a SHADOW rule is enforced|the default of a variable is not looked at|E-6 |E-1 )/;
const faults: readonly (readonly [string, Fault])[] = Object.entries({
  ...modelFaults,
  ...oldFaults,
  ...moreFaults,
}).filter(([name]) => !opensNothing.test(name));
const each = dose('tools/attack/faults.test.ts');

describe('an attack on an engine with one fault', () => {
  it('plants at least twenty faults', () => {
    assert.ok(faults.length >= 20, String(faults.length));
  });

  it('finds nothing in a copy without a fault', async () => {
    const { waysIn, notTried, counts } = await attackEngine(await engines.faulty('none', []));
    assert.deepEqual([waysIn, notTried], [[], []]);
    assert.equal(counts.tried, counts.elements);
  });

  for (const [name, fault] of faults.filter((_fault, at) => at % each === 0)) {
    it(`finds that ${name}`, async (t) => {
      const { waysIn, counts } = await attackEngine(await engines.faulty(name, fault));
      assert.notDeepEqual(waysIn, []);
      t.diagnostic(`${waysIn[0]?.coordinate} by ${waysIn[0]?.way}, after ${counts.operations} operations`);
    });
  }
});
