import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('I17-6 the operation of a denial', () => {
  const denied: string[] = [];
  const guarded = guardOne(
    `type Query {
      all: Int @auth(scope: "all")
      note: Note @public
      any: Any @public
      trial: Int @public
      owned(id: ID): Int @auth(owner: "$id")
    }
    type Mutation { write: Int @auth(scope: "write")  sign: Int @auth(policy: "never") }
    type Note { text: String @auth(scope: "notes")  tried: Int @auth(scope: "tried", mode: SHADOW) }
    type Chart @auth(scope: "charts") { page: Int }
    union Any = Chart | Note`,
    {
      resolvers: {
        Query: { note: () => ({ text: 't', tried: 1 }), any: () => ({ __typename: 'Chart', page: 1 }), trial: () => 1 },
      },
      policies: { never: (requests) => requests.map(() => false) },
      onDenial: ({ mode, coordinate }, operation) =>
        void denied.push(`${mode} ${coordinate} ${operation.name?.value} ${operation.loc?.source.body.length}`),
    },
  );

  it('I17-6 is reported for a refused operation, a part, a value, an owner, a policy and a SHADOW rule', async () => {
    for (const [text, ...expected] of [
      ['query Refused { all }', 'enforce Query.all'],
      ['query Part { note { text tried } trial }', 'enforce Note.text', 'shadow Note.tried'],
      ['query Value { any { __typename } trial }', 'enforce Query.any'],
      ['query Owned { owned(id: "other") trial }', 'enforce Query.owned'],
      ['mutation Write { write }', 'enforce Mutation.write'],
      ['mutation Sign { sign }', 'enforce Mutation.sign'],
    ] as const) {
      denied.length = 0;
      await ask(guarded, text, {}, as());
      const name = / (\w+) /.exec(text)?.[1];
      assert.deepEqual(
        denied.toSorted(),
        expected.map((event) => `${event} ${name} ${text.length}`),
      );
    }
  });
});
