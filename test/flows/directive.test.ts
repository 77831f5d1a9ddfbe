import assert from 'node:assert/strict';
import { it } from 'node:test';
import { graphql } from 'graphql';
import { createGuardedSchema } from '../../src/index.ts';
import type { Principal } from '../../src/principal.ts';
import {
  type DirectiveExample,
  directiveExamples,
  examplePolicies,
  exampleTime,
} from '../support/directive-examples.ts';

async function isGiven({ rule, on }: DirectiveExample, principal: Principal): Promise<boolean> {
  const { schema } = createGuardedSchema({
    modules: [
      {
        name: 'shop',
        typeDefs: `
          type Query { order(id: ID!, userId: ID): Order ${on === 'type' ? '@public' : rule} }
          type Order ${on === 'type' ? rule : ''} { id: ID! userId: ID }
        `,
        resolvers: { Query: { order: () => ({ id: '1', userId: 'grace' }) } },
      },
    ],
    policies: examplePolicies,
    clock: () => exampleTime,
  });
  const source = '{ order(id: "1", userId: "grace") { id } }';
  const { data } = await graphql({ schema, source, contextValue: { principal } });
  return data?.['order'] !== null;
}

for (const example of directiveExamples) {
  it(`the documented rule ${example.rule} allows one caller and denies the other`, async () => {
    assert.equal(await isGiven(example, example.passes), true);
    assert.equal(await isGiven(example, example.fails), false);
  });
}
