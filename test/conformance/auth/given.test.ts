import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { type ExecutionResult, graphql, parse, subscribe } from 'graphql';
import { authDirectives } from '../../../src/auth/directive.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { principalFor } from '../../support/callers.ts';
import { codeFirst, type GivenWay } from '../../support/given.ts';
import { type AuthCase, nameOf } from './case.ts';
import { authCases } from './cases.ts';
import { startCases } from './start.cases.ts';
import { makeWorld, type World } from './world.ts';

const ways: readonly GivenWay[] = ['SDL', 'extensions'];
const modules = makeWorld();

/** Executes a case, and returns everything that a caller or an author can observe. */
async function observed({ guarded, runs, asked }: World, authCase: AuthCase): Promise<unknown> {
  const { document: source, operationName, variables = {}, caller } = authCase;
  const document = parse(source);
  const principal = principalFor(caller);
  const verdict = guarded.decideOperation({ document, operationName, variables, principal });
  const scopes = guarded.neededScopes({ document, operationName, variables });
  runs.length = 0;
  asked.length = 0;
  const request = {
    schema: guarded.schema,
    contextValue: { principal },
    variableValues: structuredClone(variables),
    ...(operationName !== undefined && { operationName }),
  };
  const answer = source.startsWith('subscription')
    ? await subscribe({ ...request, document })
    : await graphql({ ...request, source });
  const result = 'next' in answer ? ((await answer.next()).value as ExecutionResult) : answer;
  return JSON.parse(JSON.stringify({ verdict, scopes, result, runs, asked }));
}

/** Returns the rules, sorted, without the members that depend on how the rules were read. */
function rulesOf({ guarded }: World): readonly string[] {
  return guarded.rules.map(({ id: _id, module: _module, source: _source, ...rule }) => JSON.stringify(rule)).toSorted();
}

const casesById = Map.groupBy(authCases, ({ id }) => id);

for (const way of ways) {
  describe(`createGuardedSchema({ schema }) with rules in ${way}`, () => {
    const world = makeWorld({}, way);

    it('has the same rules as modules', () => assert.deepEqual(rulesOf(world), rulesOf(modules)));

    for (const [id, cases] of casesById) {
      it(`${id} every row is answered like with modules`, async () => {
        for (const authCase of cases) {
          assert.deepEqual(await observed(world, authCase), await observed(modules, authCase), nameOf(authCase));
        }
      });
    }
  });
}

const policies = { p: (requests: readonly unknown[]) => requests.map(() => true) };

/** Faults of modules that cannot be detected, or are no fault, in a schema that tools have joined. */
const ofModules = new Set([
  'a field of another module',
  'a field of another module, guarded',
  'a field of another module, in shadow',
]);
/** Faults of SDL that a code-first schema cannot have. */
const ofSdl = new Set([
  'the directive is defined by a module',
  'the directive is imported under another name',
  'a directive that no module defines',
]);

function start(sdl: Readonly<Record<string, string>>, way: GivenWay): readonly string[] {
  // graphql-tools extends only defined types. GraphQL itself reports some of these faults unless the SDL is assumed to
  // be valid.
  const typeDefs = Object.values(sdl).map((text) => text.replaceAll(/extend (type (?:Mutation|Subscription))/g, '$1'));
  const given = makeExecutableSchema({ typeDefs: [authDirectives, ...typeDefs], assumeValidSDL: true });
  try {
    const schema = way === 'SDL' ? given : codeFirst(given);
    createGuardedSchema({ schema, policies, scopes: new Set(['a', 'b']) });
    return [];
  } catch (error) {
    if (error instanceof StartError) return error.faults;
    throw error;
  }
}

for (const way of ways) {
  describe(`createGuardedSchema({ schema }) with rules in ${way} stops the start`, () => {
    for (const { id, name, modules, faults } of startCases) {
      if (ofModules.has(name) || (way === 'extensions' && ofSdl.has(name))) continue;
      it(`${id} ${name}`, () => {
        const found = start(modules, way);
        for (const [coordinate = ''] of faults) {
          const place = coordinate === '@auth' || coordinate === 'schema' ? coordinate : `${coordinate}:`;
          const isUnknown = name === 'a directive that no module defines';
          assert.ok(
            found.some((fault) => fault.startsWith(isUnknown ? '@authorize: ' : place)),
            `${coordinate} in ${JSON.stringify(found)}`,
          );
        }
      });
    }
  });
}
