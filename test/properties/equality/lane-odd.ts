import * as fc from 'fast-check';
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { largeLimits as limits } from '../../conformance/auth/mount.ts';
import { startLanePair } from '../../support/lane/pair.ts';
import { tokenFor } from '../../support/lane/tokens.ts';
import { randomChoices } from '../auth/generate/choices.ts';
import { makeOdd, oddDocument, oddSdl } from './odd/schema.ts';
import { oddRoot } from './odd/values.ts';
import { countUnhandled } from '../auth/unhandled-rejections.ts';
import { type Doses, failureOf, repeat } from './repeat.ts';

/** Counts of what a run covered. */
interface OddLaneSeen {
  readonly asked: number;
  readonly raced: number;
  readonly dropped: number;
  readonly lane: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
}

/** How many documents one case has. */
const documentsEach = 4;
/** How often the document of a query is sent again with other values, another token and other variables. */
const variants = 6;

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

/**
 * Compares a server with the lane with a server without it, for resolvers that return, throw and promise odd values.
 *
 * @returns counts of what was compared
 * @throws Error if the servers differ
 */
export async function compareOddLane(doses: Doses): Promise<OddLaneSeen> {
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
    config: { limits },
    // A document is sent many times, so the first object of a selection is interpreted, and the others run in compiled code.
    executor: { compileAfter: 1, compileIntervalMs: 0 },
  });
  const statuses: Record<string, number> = {};
  let asked = 0;

  async function compareCase(first: number): Promise<number> {
    const choose = randomChoices(first);
    for (let at = 0; at < documentsEach; at += 1) {
      const query = oddDocument(choose);
      for (let variant = 0; variant <= variants; variant += 1) {
        seed = first + at * 100 + variant;
        const ways = choose.below(256);
        for (const schema of schemas) makeOdd(schema, randomChoices(ways));
        const scopes = ['a', 'b'].filter(() => !choose.rarely(2));
        const variables = { on: choose.rarely(2), ...(choose.rarely(2) && { i: choose.one([null, 3]) }) };
        const headers = ['content-type', 'application/json', 'authorization', `Bearer ${tokenFor({ scopes })}`];
        const body = JSON.stringify({ query, variables });
        try {
          const { status } = await pair.compare({ headers, body }, 'everything', variant === 0 ? 2 : 1);
          statuses[status] = (statuses[status] ?? 0) + 1;
          asked += 1;
        } catch (error) {
          throw failureOf(error, query, { scopes, variables, seed, ways });
        }
      }
    }
    return documentsEach * (variants + 1);
  }

  return pair.closeAfter(async () => {
    // The resolvers drop promises that reject, so unhandled rejections do not count.
    await countUnhandled(() => repeat('lane-odd', fc.nat(), compareCase, doses));
    return { asked, ...(await pair.seen()), statuses };
  });
}
