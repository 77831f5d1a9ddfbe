import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { root } from '../../support/process.ts';
import { check, nothingSeen, worlds } from './check.ts';
import type { Engine } from './engine.ts';
import { hearing } from './hearing.ts';
import { type Edit, type Fault, oldFaults } from './old-faults.ts';

const faults: Readonly<Record<string, Fault>> = {
  ...oldFaults,
  'rules of interfaces are not inherited': [
    'elements.ts',
    'return [type.name, ...type.getInterfaces().map((parent) => parent.name)];',
    'return [type.name];',
  ],
  'what depends is allowed': [
    'decide.ts',
    "return owner !== null || policies.length > 0 ? 'depends' : 'allow';",
    "return 'allow';",
  ],
  'a scope is met by the beginning of one': [
    'scope.ts',
    'scopes.every((scope) => granted.has(scope))',
    'scopes.every((scope) => [...granted].some((one) => scope.startsWith(one)))',
  ],
  'a union says nothing of its members': [
    'guard-value.ts',
    '...new Set([...from.returnRules(parentType.name, fieldName), ...from.typeRules(name)]),',
    '...from.returnRules(parentType.name, fieldName),',
  ],
  'the rule of a union is forgotten': [
    'elements.ts',
    'if (isUnionType(type)) return carriedBy(type.name);',
    'if (isUnionType(type)) return none;',
  ],
  'a null is not supplied': [
    'inputs.ts',
    'if (!Object.hasOwn(values, argument.name)) continue;',
    'if (values[argument.name] === null || values[argument.name] === undefined) continue;',
  ],
  'the rules of enum values are forgotten': [
    'inputs.ts',
    'for (const id of ofValues.get(value) ?? []) found.add(id);',
    '',
  ],
  'the default of a variable is not looked at': [
    'condition.ts',
    'fallback: defaults.get(variable)',
    'fallback: undefined',
  ],
  'an owner is anybody': ['owner.ts', "typeof owner === 'string' && owner === account", "typeof owner === 'string'"],
  'a deadline never passes': ['decide.ts', '&& now <= (authenticatedAt + maxAge) * 1000', '&& now <= Infinity'],
  'alternatives are forgotten': [
    'decide.ts',
    "if (whole === 'deny' || rule.anyOf.length === 0) return whole;",
    'return whole;',
  ],
  'a SHADOW rule is enforced': ['enforcement.ts', "rule.mode === 'ENFORCE'", 'rule.id >= 0'],
  'a claim that is a text contains what is in it': [
    'claim.ts',
    'Array.isArray(value) && value.some((item) => textOf(item) === rule.value)',
    'String(value).includes(rule.value)',
  ],
  'the root fields of a mutation are decided one by one': [
    'guard-operation.ts',
    ': judgeRoots(planned.root, info, context, principal, guard)',
    ': verdict',
  ],
};

let folder: string;

// Beside the sources: it is to find the same packages.
before(async () => {
  await mkdir(join(root, 'data'), { recursive: true });
  folder = await mkdtemp(join(root, 'data/faults-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A copy of the engine, with the fault in it. */
async function faulty(name: string, fault: Fault): Promise<Engine> {
  const copy = join(folder, name.replaceAll(/\W/g, '-'));
  await cp(join(root, 'src/auth'), join(copy, 'auth'), { recursive: true });
  for (const shared of ['errors.ts', 'principal.ts', 'protocol/notify.ts'])
    await cp(join(root, 'src', shared), join(copy, shared));
  const edits = typeof fault[0] === 'string' ? [fault as Edit] : (fault as readonly Edit[]);
  for (const [file, right, wrong] of edits) {
    const path = join(copy, 'auth', file);
    const source = await readFile(path, 'utf8');
    assert.equal(source.split(right).length, 2, `${file} has once: ${right}`);
    await writeFile(
      path,
      source.replace(right, () => wrong),
    );
  }
  const load = async (path: string) => import(pathToFileURL(join(copy, path)).href);
  const { createGuardedSchema } = await load('auth/schema.ts');
  const { anonymous, makePrincipal } = await load('principal.ts');
  return { createGuardedSchema, anonymous, makePrincipal, ...(name.startsWith('E-1 ') && { hasNoInputDepth: true }) };
}

/** Operations until the model finds a fault; `null`: it does not. */
async function find(engine: Engine, seed: number, numRuns: number): Promise<number | null> {
  const seen = nothingSeen();
  const { failed } = await hearing(async (heard) =>
    fc.check(
      fc.asyncProperty(worlds, async (world) => {
        await check(engine, world, seen);
        await heard();
      }),
      { numRuns, seed, endOnFailure: true },
    ),
  );
  return failed ? seen.asked : null;
}

test('the model finds nothing in a copy without a fault', async () => {
  assert.equal(await find(await faulty('none', []), 4, 100), null);
});

for (const [name, fault] of Object.entries(faults)) {
  test(`the model finds that ${name}`, async (t) => {
    const asked = await find(await faulty(name, fault), 4, 1200);
    assert.notEqual(asked, null);
    t.diagnostic(`after ${asked} operations`);
  });
}
