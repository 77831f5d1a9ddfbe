import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import type { Principal } from '../../../src/principal.ts';
import { as } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('denial: reject', () => {
  const sdl = 'type Query { open: T @public } type T { x: Int @auth(scope: "s") y: Int }';
  const decide = (denial: 'partial' | 'reject', document: string, principal: Principal) =>
    guardOne(sdl, { denial }).decideOperation({ document: parse(document), principal }).kind;

  it('refuses a query only if a part of it is denied', () => {
    assert.equal(decide('partial', '{ open { x y } }', as()), 'run');
    assert.equal(decide('reject', '{ open { x y } }', as()), 'refuse');
    assert.equal(decide('reject', '{ open { y } }', as()), 'run');
    assert.equal(decide('reject', '{ open { x y } }', as({ scopes: 's' })), 'run');
  });
});
