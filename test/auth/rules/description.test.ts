import assert from 'node:assert/strict';
import { it } from 'node:test';
import { guardOne } from '../../support/rules.ts';

it('descriptions state the requirements', () => {
  const { description } = guardOne('type Query { "A thing." x: Int @auth(scope: ["a b", "c"], maxAge: 60) }')
    .schema.getQueryType()
    ?.getFields()['x'] ?? { description: '' };
  assert.equal(description, 'A thing.\n\nRequires the scope `a b` or `c` and authentication at most 60 seconds ago.');
});
