import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { attack } from '../../../src/testing/attack.ts';
import { personaPrincipal } from '../../../src/testing/persona-principal.ts';
import type { Principal } from '../../../src/principal.ts';
import { runAttack } from '../../../src/tools/attack/attack.ts';
import { mintedPersonas } from '../../../src/tools/attack/callers/short-of.ts';
import { inProcess } from '../../../src/tools/attack/endpoints/in-process.ts';
import { recordedOptions } from '../../../src/tools/attack/endpoints/recorded-schema.ts';
import type { AttackReport } from '../../../src/tools/attack/report/findings.ts';
import { createJudge } from '../../../src/tools/attack/verdict/judge.ts';
import { dose } from '../../support/dose.ts';
import { plantedEngines } from '../../support/planted.ts';
import type { Engine } from '../../properties/auth/engine.ts';
import { engineFaults, executorFaults, weakGuards } from './more-faults.ts';
import { shop } from './shop.ts';

const engines = plantedEngines();
before(engines.start);
after(engines.end);

/** Makes a context with the principal of an engine. Only its own makers make principals that it accepts. */
function contextOf({ anonymous, makePrincipal }: Engine) {
  return (principal: Principal) => ({
    principal: principal.kind === 'anonymous' ? anonymous : makePrincipal({ ...principal }),
  });
}

/** Attacks a schema that an engine guards. */
function attackEngine(engine: Engine, stopAfter = 1): Promise<AttackReport> {
  const { createGuardedSchema } = engine;
  return attack(shop, { stopAfter, createSchema: createGuardedSchema, context: contextOf(engine) });
}

/**
 * Attacks a schema that an engine guards, by its executor of known documents alone.
 *
 * @param compileAfter - after how many objects a selection runs in compiled code
 */
function attackExecutor(engine: Engine, compileAfter: number): Promise<AttackReport> {
  const guarded = engine.createGuardedSchema(recordedOptions(shop, false));
  const { rules } = guarded;
  const endpoint = inProcess({
    ...guarded,
    createExecutor: (schema) => engine.createExecutor(schema, { compileAfter, compileIntervalMs: 0 }),
    isRecorded: true,
    runsMutations: false,
    context: contextOf(engine),
  });
  const judge = createJudge(rules, true, Date.now);
  return runAttack({
    source: { name: 'shop', rules },
    endpoint: { ...endpoint, transports: endpoint.transports.filter(({ name }) => /known document/.test(name)) },
    judge,
    personas: mintedPersonas(judge, personaPrincipal, Date.now),
    examples: {},
    seed: 1,
    stopAfter: 1,
    only: ['Query.orders', 'Order.total', 'Query.price(discount:)'],
  });
}

const each = dose('tools/attack/faults.test.ts');

describe('an attack on an engine with one fault', () => {
  it('plants at least twenty faults, beside the weak guards of other servers', () => {
    assert.ok(engineFaults.length >= 20, String(engineFaults.length));
    assert.ok(weakGuards.length >= 3);
  });

  it('finds nothing in a copy without a fault', async () => {
    const engine = await engines.faulty('none', []);
    const { waysIn, notTried, counts } = await attackEngine(engine);
    assert.deepEqual([waysIn, notTried], [[], []]);
    assert.equal(counts.tried, counts.elements);
    for (const compileAfter of [0, Infinity]) {
      const byExecutor = await attackExecutor(engine, compileAfter);
      assert.deepEqual([byExecutor.waysIn, byExecutor.notTried], [[], []]);
    }
  });

  for (const [name, fault] of engineFaults.filter((_fault, at) => at % each === 0)) {
    it(`finds that ${name}`, async (t) => {
      const { waysIn, counts } = await attackEngine(await engines.faulty(name, fault));
      assert.notDeepEqual(waysIn, []);
      t.diagnostic(`${waysIn[0]?.coordinate} by ${waysIn[0]?.way}, after ${counts.operations} operations`);
    });
  }

  for (const [name, fault] of Object.entries(executorFaults)) {
    it(`finds that ${name}`, async () => {
      const engine = await engines.faulty(name, fault);
      for (const compileAfter of [0, Infinity]) {
        const { waysIn } = await attackExecutor(engine, compileAfter);
        assert.notDeepEqual(waysIn, []);
      }
    });
  }
});
