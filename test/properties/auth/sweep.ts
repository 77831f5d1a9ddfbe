import { pathToFileURL } from 'node:url';
import { execute, parse } from 'graphql';
import { principalFor } from '../../support/callers.ts';
import type { Engine } from './engine.ts';

/**
 * Asks an engine without an effective `inputDepth` for a field with a guarded input, at each depth of a fixed list. The stack can hold
 * some of the depths, and not others. Two aliases share the value, so that the finding for one is used for the other.
 *
 *     node --stack-size=400 --no-opt --no-maglev --no-sparkplug test/properties/auth/sweep.ts <file of a planted engine>
 *
 * It prints JSON: the first depth at which the field ran (`null`: none), at how many depths the guard answered with a denial, and
 * at how many the stack was exhausted. Functions that V8 does not optimise have frames of one size, so that the depths that the
 * stack holds are the same in each run.
 */
const [, , file] = process.argv;
if (file === undefined) throw new Error('expected the file of an engine that `plantedEngines` made');
const engine = (await import(pathToFileURL(file).href)) as Engine;

let ran = false;
const runs = () => {
  ran = true;
  return 'ran';
};
const guarded = engine.createGuardedSchema({
  modules: [
    {
      name: 'main',
      typeDefs: `
        input F { g: F  secret: Int @auth(scope: "secret") }
        type Query { n: Int @public  q(f: F): String @public }
        type Mutation { n: Int @public  q(f: F): String @public }`,
      resolvers: { Query: { q: runs }, Mutation: { q: runs } },
    },
  ],
  inputDepth: 1_000_000,
});
const principal = principalFor({ scopes: [] }, engine);
const documents = ['query', 'mutation'].map((kind) => parse(`${kind} ($f: F) { n a: q(f: $f) b: q(f: $f) }`));

let found: number | null = null;
let denied = 0;
let exhausted = 0;
for (let depth = 200; depth <= 4_000 && found === null; depth += 25) {
  for (const document of documents) {
    const answer = await execute({
      schema: guarded.schema,
      document,
      variableValues: { f: nestedSecret(depth) },
      contextValue: { principal },
    });
    const { errors = [] } = answer;
    if (errors.some((error) => error.message.includes('call stack'))) exhausted += 1;
    else if (errors.length > 0) denied += 1;
    if (ran) found ??= depth;
  }
}
process.stdout.write(JSON.stringify({ found, denied, exhausted }));

/** Makes this many nested objects, with the guarded field in the innermost one. */
function nestedSecret(levels: number): Readonly<Record<string, unknown>> {
  let value: Readonly<Record<string, unknown>> = { secret: 1 };
  for (let level = 1; level < levels; level += 1) value = { g: value };
  return value;
}
