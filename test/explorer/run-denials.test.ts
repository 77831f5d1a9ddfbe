import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { marksOf } from '../../src/explorer/client/run/answers/marks.ts';
import { remedyFor } from '../../src/explorer/client/needs/remedy.ts';
import { denialsOf, denialTitle, missingOf, reasonText } from '../../src/explorer/client/run/answers/denials.ts';

const forbidden = (path: unknown, extensions: object = {}) => ({
  message: 'Order.customer needs the scope "customers:read".',
  path,
  extensions: { code: 'FORBIDDEN', coordinate: 'Order.customer', requiredScopes: ['customers:read'], ...extensions },
});

describe('the denials of an answer', () => {
  it('have the position of the null', () => {
    const [denial] = denialsOf({
      data: { orders: [{ customer: null }] },
      errors: [forbidden(['orders', 0, 'customer'])],
    });
    assert.deepEqual(denial?.position, ['orders', 0, 'customer']);
    assert.equal(denial && reasonText(denial), 'needs customers:read');
  });

  it('have the further nulls of a list, because the server reports a denial of all items once', () => {
    const data = { orders: [{ customer: null }, { customer: 'x' }, { customer: null }, null] };
    const errors = [forbidden(['orders', 0, 'customer'])];
    assert.deepEqual(denialsOf({ data, errors })[0]?.alike, [['orders', 2, 'customer']]);
    assert.deepEqual(
      denialsOf({ data, errors: [forbidden(['orders', 0, 'customer'], { reason: 'owner' })] })[0]?.alike,
      [],
    );
  });

  it('are bounded together: many errors on one long list mark a fixed number of positions', () => {
    const data = { orders: Array.from({ length: 10_000 }, () => ({ customer: null })) };
    const denials = Array.from({ length: 500 }, (_, n) => ({ coordinate: `Order.field${n}` }));
    const many = Array.from({ length: 500 }, () => forbidden(['orders', 0, 'customer']));
    for (const errors of [many, [forbidden(['orders', 0, 'customer'], { denials })]]) {
      const found = denialsOf({ data, errors });
      assert.equal(found.length, 500);
      assert.ok(found[0]?.alike.length === 9_999);
      assert.ok(new Set(found.map(({ alike }) => alike)).size <= 500);
      const distinct = new Set(found.map(({ alike }) => alike));
      assert.ok([...distinct].reduce((sum, { length }) => sum + length, 0) <= 100_000);
      const { denials: marks } = marksOf({ data, errors }, null, 0);
      assert.ok([...marks.values()].every(({ length }) => length <= 20));
      assert.ok([...marks.values()].reduce((sum, { length }) => sum + length, 0) <= 100_000);
    }
  });

  it('have the position to which the null of a non-null field moved', () => {
    const errors = [forbidden(['orders', 0, 'customer'])];
    assert.deepEqual(denialsOf({ data: { orders: null }, errors })[0]?.position, ['orders']);
    assert.deepEqual(denialsOf({ data: null, errors })[0]?.position, []);
    assert.equal(denialsOf({ errors })[0]?.position, null);
  });

  it('say whether the operation was refused, the whole answer is null, or fields were denied', () => {
    const errors = [forbidden(['orders', 0, 'customer'])];
    const titleOf = (result: unknown) => denialTitle(denialsOf(result));
    assert.equal(titleOf({ errors }), 'The operation was refused.');
    assert.equal(titleOf({ data: null, errors }), 'The whole answer is null, because a denied field cannot be null.');
    assert.equal(titleOf({ data: { orders: null }, errors }), '1 field was denied.');
  });

  it('list every denied element of a refused operation', () => {
    const denials = denialsOf({
      errors: [
        forbidden(undefined, {
          denials: [
            { coordinate: 'Query.a', requiredScopes: ['a'] },
            { selection: ['b', 'c'], requiredScopes: ['b c', 'admin'] },
          ],
        }),
      ],
    });
    assert.deepEqual(
      denials.map(({ coordinate, scopes, position }) => ({ coordinate, scopes, position })),
      [
        { coordinate: 'Query.a', scopes: [['a']], position: null },
        { coordinate: 'b.c', scopes: [['b', 'c'], ['admin']], position: null },
      ],
    );
    const missing = missingOf(denials);
    assert.deepEqual(missing?.scopes, [
      ['a', 'admin'],
      ['a', 'b', 'c'],
    ]);
    // The same function as in the pane of the needs decides: the fewest further scopes.
    const caller = { kind: 'signed-in', scopes: ['b', 'c'] } as const;
    const remedy = remedyFor(missing, caller, { canSignIn: true, offered: [], attempts: [] });
    assert.deepEqual(
      remedy.choices.map(({ added }) => added),
      [['a'], ['a', 'admin']],
    );
  });

  it('ask for a new sign-in where only a fresh authentication is missing', () => {
    const denials = denialsOf({
      errors: [
        { message: 'Sign in again.', extensions: { code: 'STEP_UP_REQUIRED', maxAge: 300, acrValues: ['gold'] } },
      ],
    });
    const { scopes, maxAge, acr } = missingOf(denials) ?? {};
    assert.deepEqual({ scopes, maxAge, acr }, { scopes: [], maxAge: 300, acr: ['gold'] });
    assert.equal(denials[0] && reasonText(denials[0]), 'needs a sign-in in the last 300 s; needs a sign-in by gold');
  });

  it('offer no sign-in where an owner, a policy or a claim denied', () => {
    const denials = denialsOf({
      errors: [forbidden(['a'], { reason: 'owner', requiredScopes: undefined })],
      data: { a: null },
    });
    assert.equal(missingOf(denials), null);
    assert.equal(denials[0] && reasonText(denials[0]), 'only for the owner');
  });

  it('leave other errors alone, and read hostile shapes without an exception', () => {
    const hostile = [
      null,
      3,
      [],
      { message: 4, path: 'x', extensions: 'FORBIDDEN' },
      { extensions: { code: 'NOT_FOUND' } },
    ];
    for (const errors of [hostile, null, 'x', {}]) assert.deepEqual(denialsOf({ errors }), []);
    const [denial] = denialsOf({
      data: [],
      errors: [
        forbidden([{}, null, 0], {
          requiredScopes: [3, ''],
          coordinate: {},
          maxAge: 'soon',
          acrValues: 7,
          denials: [1],
        }),
      ],
    });
    assert.deepEqual(denial?.scopes, [[]]);
    assert.equal(denial?.maxAge, null);
  });

  it('are at most 500', () => {
    assert.equal(denialsOf({ errors: Array.from({ length: 2_000 }, () => forbidden(['a'])) }).length, 500);
  });
});
