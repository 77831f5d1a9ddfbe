import { ApolloServer } from '@apollo/server';
import {
  buildSchema,
  type ExecutionResult,
  type GraphQLScalarType,
  type GraphQLSchema,
  graphql,
  parse,
  subscribe,
} from 'graphql';
import { addResolversToSchema } from '@graphql-tools/schema';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import type { IResolvers } from '@graphql-tools/utils';
import { principalFor } from '../../../support/callers.ts';
import { policies, resolvers, selections, serializeOdd, typeDefs } from './sources.ts';

/** The result of one document, in an order that does not depend on which promise settled first. */
interface Outcome {
  readonly document: string;
  readonly data: unknown;
  readonly errors: readonly string[];
}

const [way = 'direct'] = process.argv.slice(2);
// The type that graphql-tools gives to authors' resolvers.
const authored = resolvers as unknown as IResolvers;

/** Makes the schema without the kit. */
function bareSchema(): GraphQLSchema {
  const bare = typeDefs.replaceAll('PUBLIC', '').replaceAll(/@auth\(.*?\)/g, '');
  return addResolversToSchema({ schema: buildSchema(bare), resolvers: authored });
}

function guardedSchema(): GraphQLSchema {
  const modules = [{ name: 'lists', typeDefs: typeDefs.replaceAll('PUBLIC', '@public'), resolvers: authored }];
  return createGuardedSchema({ modules, policies }).schema;
}

const schema = way === 'bare' ? bareSchema() : guardedSchema();
(schema.getType('Odd') as GraphQLScalarType).serialize = serializeOdd;
const contextValue = { principal: principalFor({}) };

async function executed(source: string): Promise<ExecutionResult> {
  if (way === 'apollo') {
    const response = await apollo.executeOperation({ query: source }, { contextValue });
    if (response.body.kind !== 'single') throw new Error('one answer was expected');
    const { data = null, errors = [] } = response.body.singleResult;
    return { data: data as never, errors: errors as never };
  }
  return graphql({ schema, source, contextValue });
}

const apollo = new ApolloServer({ schema, stopOnTerminationSignals: false });
let unhandled = 0;
// Only the comparison handles rejections. The kit must work without such a handler.
if (way === 'bare') process.on('unhandledRejection', () => (unhandled += 1));

const ofLists = selections();
// Takes every fifth selection, because no number of lists, shapes or items is a multiple of five. `DROPPED=all` takes
// all of them.
const few = ofLists.filter((_, index) => process.env['DROPPED'] === 'all' || index % 5 === 0);
const documents = [
  ...few.map((selection) => `{ lists { ${selection} } }`),
  ...few
    .filter((_, index) => index % 5 === 0)
    .map((selection) => `mutation { lists { ${selection} } again { ${selection} } }`),
  ...['odds', 'owned { n }', 'policed { n }'].map((selection) => `{ lists { ${selection} } }`),
];
const outcomes = await Promise.all(
  documents.map(async (document): Promise<Outcome> => {
    const { data, errors = [] } = await executed(document);
    return { document, data, errors: errors.map(({ message, path }) => `${path?.join('.')}: ${message}`).sort() };
  }),
);
for (const selection of ofLists.filter((_, index) => index % 50 === 0)) {
  const document = `subscription { lists { ${selection} } }`;
  const events = await subscribe({ schema, document: parse(document), contextValue });
  if (!(Symbol.asyncIterator in events)) throw new Error(`no events: ${JSON.stringify(events)}`);
  for await (const { data, errors = [] } of events) {
    outcomes.push({ document, data, errors: errors.map(({ message }) => message).sort() });
  }
}
// Waits until pending items have settled.
await new Promise((resolve) => setTimeout(resolve, 100));
process.stdout.write(JSON.stringify({ unhandled, outcomes }));
