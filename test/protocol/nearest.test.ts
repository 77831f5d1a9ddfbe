import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearest, nearestHint } from '../../src/protocol/nearest.ts';

const candidates = ['scopes', 'clientId', 'resolvers', 'aud'];

describe('the nearest name', () => {
  for (const [given, meant] of [
    ['scope', 'scopes'],
    ['SCOPES', 'scopes'],
    ['client_id', 'clientId'],
    ['resolver', 'resolvers'],
    ['auf', 'aud'],
    ['a', undefined],
    ['x', undefined],
    ['acr', undefined],
    ['something else', undefined],
    ['', undefined],
  ] as const) {
    it(`of "${given}" is ${meant ?? 'none'}`, () => {
      assert.equal(nearest(given, candidates), meant);
      assert.equal(nearestHint(given, candidates), meant === undefined ? '' : `; the nearest is ${meant}`);
    });
  }
});
