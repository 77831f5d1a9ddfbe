import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execute, type GraphQLResolveInfo as Info, parse, visit } from 'graphql';
import { as, ask, denied } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

const alice = as({ account: 'alice' });

describe('owner', () => {
  const typeDefs = `
    type Query { note(id: ID): Note @auth  notes: [Note] @auth  of(userId: ID): Int @auth(owner: "$userId") any: Any @auth }
    type Note { id: ID text: String @auth(owner: "userId") userId: ID }
    type Diary @auth(owner: "userId") { userId: ID page: String }
    union Any = Diary | Note
    extend type Query { diaries: [Diary] @auth }
  `;
  const asked: string[] = [];
  const notes = [
    { id: 1, text: 'mine', userId: 'alice' },
    { id: 2, text: 'yours', userId: 'bob' },
    { id: 3, text: 'nobody', userId: null },
    { id: 4, text: 'list', userId: ['alice'] },
  ];
  const guarded = guardOne(typeDefs, {
    resolvers: {
      Query: {
        notes: () => notes,
        diaries: async () => notes,
        of: () => 1,
        any: () => ({ __typename: 'Diary', ...notes[1] }),
      },
      Note: {
        userId: (note: { userId: unknown; id: unknown }) => {
          asked.push(String(note.id));
          return note.userId;
        },
        text: async (note: { text: unknown }) => note.text,
      },
      Diary: { page: (note: { text: unknown }) => note.text, userId: async (note: { userId: unknown }) => note.userId },
    },
  });

  it('B-17 the field is read once for each object, also if the document does not select it', async () => {
    asked.length = 0;
    const answer = await ask(guarded.schema, '{ notes { text again: text } }', {}, alice);
    const blank = { text: null, again: null };
    assert.deepEqual(answer.data, { notes: [{ text: 'mine', again: 'mine' }, blank, blank, blank] });
    assert.equal(denied(answer).length, 6);
    assert.deepEqual(asked, ['1', '2', '3', '4']);
  });

  it('a rule on a type denies at the position of each value', async () => {
    const answer = await ask(guarded, '{ diaries { page } }', {}, alice);
    assert.deepEqual(answer.data, { diaries: [{ page: 'mine' }, null, null, null] });
    assert.deepEqual(
      denied(answer).map(({ path, code }) => [path, code]),
      ['1', '2', '3'].map((index) => [`diaries.${index}`, 'FORBIDDEN']),
    );
  });

  it('B-4 through a union, __typename is denied too', async () => {
    const answer = await ask(guarded, '{ any { __typename } }', {}, alice);
    assert.deepEqual(answer.data, { any: null });
    assert.deepEqual(
      denied(answer).map(({ path, code }) => [path, code]),
      [['any', 'FORBIDDEN']],
    );
  });

  it('a global ID is decoded, and one of another type names no owner', async () => {
    const accountIdOf = (id: string) => (id.startsWith('Account:') ? id.slice(8) : null);
    const decoding = guardOne('type Query { of(userId: ID): Int @auth(owner: "$userId") }', { accountIdOf });
    assert.deepEqual(denied(await ask(decoding, '{ of(userId: "Account:alice") }', {}, alice)), []);
    assert.equal(denied(await ask(decoding, '{ of(userId: "Order:alice") }', {}, alice))[0]?.why, 'owner');
  });
});

describe('the owner of an object that another schema answered', () => {
  // An object of `@graphql-tools/delegate`. The resolver reads its members by response key, as `wrapSchema` does.
  const byResponseKey = (source: Readonly<Record<string, unknown>>, _args: unknown, _context: unknown, info: Info) =>
    source[info.fieldNodes[0]?.alias?.value ?? info.fieldName];
  const answerOf = (members: object, mark: symbol) => ({ ...members, [mark]: {} });
  const typeDefs = `
    type Query { note: Note @public }
    type Note @auth(owner: "userId") { userId: ID  echo(text: ID): ID  text: String }`;

  for (const mark of [Symbol.for('initialSubschema'), Symbol('subschemaErrors')]) {
    it(`is not another field that the caller gave the name of the owner by an alias: ${String(mark)}`, async () => {
      const asked = (members: object, source: string) => {
        const resolvers = {
          Query: { note: () => answerOf(members, mark) },
          Note: { userId: byResponseKey, echo: byResponseKey, text: byResponseKey },
        };
        return ask(guardOne(typeDefs, { resolvers }), source, {}, alice);
      };
      const aliased = { userId: 'alice', text: 'secret' };
      for (const source of [
        '{ note { userId: echo(text: "alice") text } }',
        '{ note { ... on Note { userId: echo(text: "alice") } text } }',
        '{ note { ...F text } } fragment F on Note { userId: echo(text: "alice") }',
      ]) {
        const answer = await asked(aliased, source);
        assert.deepEqual(answer.data, { note: null }, source);
        assert.deepEqual(
          denied(answer).map(({ path, why }) => [path, why]),
          [['note', 'owner']],
          source,
        );
      }
      const own = { userId: 'alice', text: 'mine', other: 'x' };
      for (const source of ['{ note { userId text } }', '{ note { userId text other: echo } }']) {
        assert.deepEqual((await asked(own, source)).errors, [], source);
      }
      assert.deepEqual((await asked({ ...own, userId: 'bob' }, '{ note { userId text } }')).data, { note: null });
    });
  }

  it('is searched for in the document one time, also for a list of many objects', async () => {
    const list = Array.from({ length: 500 }, () => answerOf({ userId: 'alice' }, Symbol.for('initialSubschema')));
    const { schema } = guardOne(`${typeDefs} extend type Query { notes: [Note] @public }`, {
      resolvers: { Query: { notes: () => list }, Note: { userId: byResponseKey } },
    });
    const document = parse('{ notes { userId } last: __typename }');
    let reads = 0;
    visit(document, {
      Field(node) {
        const { alias } = node;
        if (alias) Object.defineProperty(node, 'alias', { enumerable: true, get: () => ((reads += 1), alias) });
      },
    });
    const { data, errors } = await execute({ schema, document, contextValue: { principal: alice } });
    assert.equal(errors, undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(data?.['notes'])).length, 500);
    assert.ok(reads > 0 && reads < 50, `${reads} reads`);
  });
});
