import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { startCases } from './start.cases.ts';

const policies = { p: (requests: readonly unknown[]) => requests.map(() => true) };

function start(sdl: Readonly<Record<string, string>>): readonly string[] {
  const modules = Object.entries(sdl).map(([name, typeDefs]) => ({ name, typeDefs }));
  try {
    createGuardedSchema({ modules, policies, scopes: new Set(['a', 'b']) });
    return [];
  } catch (error) {
    if (error instanceof StartError) return error.faults;
    throw error;
  }
}

for (const { id, name, modules, faults } of startCases) {
  it(`${id} ${name}: a start error`, () => {
    const found = start(modules);
    for (const parts of faults) {
      const [coordinate = '', ...rest] = parts;
      const said = found.filter((fault) => fault.startsWith(`${coordinate} (`));
      assert.ok(
        said.some((fault) => rest.every((part) => fault.includes(part))),
        `${parts.join(' ')} in ${JSON.stringify(found)}`,
      );
    }
  });
}

it('and a schema with every argument of a rule starts', () => {
  const sdl = `type Query {
    f(a: ID): Int @auth(scope: ["a b", "a"], claims: [{ claim: ["x", "y"], contains: "z" }], owner: "$a", policy: "p", maxAge: 0, acr: "x",
      anyOf: [{ scope: "a" }, { maxAge: 1 }])
  }`;
  assert.deepEqual(start({ team: sdl }), []);
});
