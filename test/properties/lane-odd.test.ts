import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { dose } from '../support/dose.ts';
import { startLanePair } from '../support/lane/pair.ts';
import { tokenFor } from '../support/lane/tokens.ts';
import { choicesOf } from './auth/generate/choices.ts';
import { makeOdd, oddDocument, oddRoot, oddSdl } from './auth/odd-values.ts';
import { countUnhandled } from './auth/unhandled-rejections.ts';

/** How many operations both servers answer. Set `LANE_RUNS` for more. */
const runs = Number(process.env['LANE_RUNS'] ?? dose('properties/lane.test.ts'));
const each = 8;

interface OddContext {
  readonly root: object;
}

/** The resolvers of the root fields. They read the root value of the context. */
const roots = Object.fromEntries(
  parse(oddSdl)
    .definitions.filter((node): node is ObjectTypeDefinitionNode => 'name' in node && node.name?.value === 'Query')
    .flatMap(({ fields = [] }) => fields)
    .map(({ name }) => {
      const resolve: GraphQLFieldResolver<unknown, OddContext> = (_source, args, context, info) =>
        defaultFieldResolver(context.root, args, context, info);
      return [name.value, resolve];
    }),
);

it(`a server answers alike with the lane and without it, in ${runs} operations with odd values`, async (t) => {
  let seed = 0;
  const schemas: GraphQLSchema[] = [];
  const pair = await startLanePair({
    make() {
      const guarded = createGuardedSchema({
        modules: [{ name: 'odd', typeDefs: oddSdl, resolvers: { Query: roots } }],
      });
      schemas.push(guarded.schema);
      return { guarded, context: () => ({ root: oddRoot(seed) }) };
    },
  });
  const statuses: Record<string, number> = {};
  try {
    await countUnhandled(async (unhandled) =>
      fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200, size: 'max' }), fc.nat(), async (tape, first) => {
          const choose = choicesOf(tape);
          for (let question = 0; question < each; question += 1) {
            seed = first + question;
            const odd = Uint8Array.from([choose.below(256)]);
            for (const schema of schemas) makeOdd(schema, choicesOf(odd));
            const query = oddDocument(choose);
            const scopes = ['a', 'b'].filter(() => !choose.rarely(2));
            const variables = { on: choose.rarely(2), ...(choose.rarely(2) && { i: choose.one([null, 3]) }) };
            const headers = ['content-type', 'application/json', 'authorization', `Bearer ${tokenFor({ scopes })}`];
            try {
              const { status } = await pair.compare({ headers, body: JSON.stringify({ query, variables }) });
              statuses[status] = (statuses[status] ?? 0) + 1;
            } catch (error) {
              throw new Error(`${error instanceof Error ? error.message : String(error)}\n${query}`, { cause: error });
            }
            await unhandled();
          }
        }),
        { numRuns: Math.ceil(runs / each), endOnFailure: process.env['LANE_SHRINK'] === undefined },
      ),
    );
    const seen = await pair.seen();
    t.diagnostic(JSON.stringify({ ...seen, statuses }));
    assert.ok((seen.lane['answered'] ?? 0) > runs / 2, 'the lane has answered');
    assert.ok(seen.raced < runs / 20, 'most answers are equal byte for byte');
  } finally {
    await pair.close();
  }
});
