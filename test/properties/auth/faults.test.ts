import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { dose } from '../../support/dose.ts';
import { root, run } from '../../support/process.ts';
import { check, nothingSeen, worlds } from './check.ts';
import type { Engine } from './engine.ts';
import { failOnUnhandled } from './unhandled-rejections.ts';
import { type Edit, type Fault, oldFaults } from './old-faults.ts';

const faults: Readonly<Record<string, Fault>> = {
  ...oldFaults,
  'rules of interfaces are not inherited': [
    'rules/elements.ts',
    'return [type.name, ...type.getInterfaces().map((parent) => parent.name)];',
    'return [type.name];',
  ],
  'a rule that depends on a value counts as allowed': [
    'decide/decide.ts',
    "return owner !== null || policies.length > 0 ? 'depends' : 'allow';",
    "return 'allow';",
  ],
  'a scope is met by the beginning of one': [
    'rules/scope.ts',
    'scopes.every((scope) => granted.has(scope))',
    'scopes.every((scope) => [...granted].some((one) => scope.startsWith(one)))',
  ],
  'a union says nothing of its members': [
    'guard/value.ts',
    '...new Set([...from.returnRules(parentType.name, fieldName), ...from.typeRules(name)]),',
    '...from.returnRules(parentType.name, fieldName),',
  ],
  'the rule of a union is forgotten': [
    'rules/elements.ts',
    'if (isUnionType(type)) return carriedBy(type.name);',
    'if (isUnionType(type)) return none;',
  ],
  'a null is not supplied': [
    'inputs/inspect.ts',
    'if (!place || !Object.hasOwn(value, place.name)) continue;',
    'if (!place || ((value as Readonly<Record<string, unknown>>)[place.name] ?? null) === null) continue;',
  ],
  'the rules of enum values are forgotten': [
    'inputs/inspect.ts',
    'absorb(frame, shape.values.get(value) ?? shape.itself);',
    'absorb(frame, shape.itself);',
  ],
  'the default of a variable is not looked at': [
    'plan/conditions.ts',
    'fallback: defaults.get(variable)',
    'fallback: undefined',
  ],
  'every account is the owner': [
    'decide/owner.ts',
    "typeof owner === 'string' && owner === account",
    "typeof owner === 'string'",
  ],
  'a deadline never passes': ['decide/decide.ts', '&& now <= (authenticatedAt + maxAge) * 1000', '&& now <= Infinity'],
  'alternatives are forgotten': [
    'decide/decide.ts',
    "if (own === 'deny' || rule.anyOf.length === 0) return own;",
    'return own;',
  ],
  'a SHADOW rule is enforced': ['guard/enforcement.ts', "rule.mode === 'ENFORCE'", 'rule.id >= 0'],
  'a claim that is a string contains its parts': [
    'rules/claim.ts',
    'Array.isArray(value) && value.some((item) => textOf(item) === rule.value)',
    'String(value).includes(rule.value)',
  ],
  'the root fields of a mutation are decided one by one': [
    'guard/operation.ts',
    ': judgeRoots(planned.root, info, context, principal, guard)',
    ': verdict',
  ],
};

let folder: string;

// The copies stand in the repository, so that they find the same packages.
before(async () => {
  await mkdir(join(root, 'data'), { recursive: true });
  folder = await mkdtemp(join(root, 'data/faults-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Copies the engine and plants the fault in the copy. @returns the folder of the copy */
async function plant(name: string, fault: Fault): Promise<string> {
  const copy = join(folder, name.replaceAll(/\W/g, '-'));
  for (const part of ['auth', 'protocol', 'error-kinds.ts', 'errors.ts', 'principal.ts'])
    await cp(join(root, 'src', part), join(copy, part), { recursive: true });
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
  return copy;
}

async function faulty(name: string, fault: Fault): Promise<Engine> {
  const copy = await plant(name, fault);
  const load = async (path: string) => import(pathToFileURL(join(copy, path)).href);
  const { createGuardedSchema } = await load('auth/schema.ts');
  const { anonymous, makePrincipal } = await load('principal.ts');
  return { createGuardedSchema, anonymous, makePrincipal };
}

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
