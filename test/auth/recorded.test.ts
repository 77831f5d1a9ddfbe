import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decide } from '../../src/auth/decide/decide.ts';
import { comparableRules } from '../../src/auth/recorded/comparable-rules.ts';
import { createCallerHash } from '../../src/auth/recorded/hash.ts';
import { plainCaller } from '../../src/auth/recorded/plain-caller.ts';
import { ageClassOf, readRecordedCaller, recordedCaller } from '../../src/auth/recorded/recorded-caller.ts';
import { standIns } from '../../src/auth/recorded/stand-ins.ts';
import type { Principal } from '../../src/principal.ts';
import { nowArbitrary, principalArbitrary, rulesArbitrary } from '../support/algebra.ts';
import { smallRules, universe } from '../support/algebra-universe.ts';

const hash = createCallerHash(Buffer.alloc(32, 5));
const order = ['deny', 'depends', 'allow'];
const counts = { known: 0, open: 0, allow: 0, deny: 0, depends: 0 };

/** Compares the decisions of the stand-ins of a caller with the decision about the caller. */
function compare(
  rules: readonly Parameters<typeof decide>[0][],
  principal: Principal,
  now: number,
  isHidden: (path: readonly string[]) => boolean = () => false,
): void {
  if (principal.kind === 'anonymous') return;
  const stored = recordedCaller(plainCaller(principal, isHidden), ageClassOf(principal, now), hash);
  const read = readRecordedCaller(JSON.stringify(stored));
  assert.deepEqual(read, stored);
  const comparable = comparableRules(rules, hash);
  // The command runs later.
  const later = now + 86_400_000;
  const { least, most } = standIns(stored, comparable, later);
  for (const [at, rule] of rules.entries()) {
    const expected = decide(rule, principal, now);
    const [low, high] = [least, most ?? least].map((one) => decide(comparable.rules[at]!, one, later));
    const isBetween = order.indexOf(low!) <= order.indexOf(expected) && order.indexOf(expected) <= order.indexOf(high!);
    assert.ok(isBetween, `${rule.source}: ${expected} is not between ${low} and ${high}`);
    counts[low === high ? 'known' : 'open'] += 1;
    counts[expected] += 1;
  }
}

describe('rules and callers with HMACs', () => {
  it('decide as in clear, or leave open what is not recorded, for random rules and callers', () => {
    fc.assert(
      fc.property(rulesArbitrary(4), principalArbitrary, nowArbitrary, fc.boolean(), (rules, principal, now, hides) => {
        compare(rules, principal, now, ([name]) => hides && name === 'dept');
      }),
      { numRuns: 3_000 },
    );
    for (const [name, count] of Object.entries(counts)) assert.ok(count > 100, `${name}: ${count}`);
    assert.ok(counts.open < counts.known / 4, JSON.stringify(counts));
  });

  it('decide as in clear for every caller of a small world', () => {
    const callers = universe.filter((_, at) => at % 4 === 0).filter((_, at) => at % 7 === 0);
    fc.assert(
      fc.property(smallRules, (rules) => {
        for (const { principal, now } of callers) compare(rules, principal, now);
      }),
      { numRuns: 20 },
    );
  });

  it('differ for each use of a text, each path and each key', () => {
    const other = createCallerHash(Buffer.alloc(32, 6));
    const all = [
      hash.scope('x'),
      hash.acr('x'),
      hash.path(['x']),
      hash.path(['x', 'y']),
      hash.path(['x.y']),
      hash.claim(['x'], 'x'),
      hash.claim(['x', 'x'], 'x'),
      other.scope('x'),
      other.claim(['x'], 'x'),
      hash.keyName,
      other.keyName,
    ];
    assert.equal(new Set(all).size, all.length);
    assert.equal(createCallerHash(Buffer.alloc(32, 5)).scope('x'), hash.scope('x'));
  });

  it('are not read from a text of another form', () => {
    for (const text of ['', '{', 'null', '[]', '{}', '{"account":true}', '{"account":1,"scopes":[],"claims":[]}'])
      assert.equal(readRecordedCaller(text), null);
    const whole = { account: true, scopes: [], claims: [], acr: null, age: null, moreScopes: false, moreClaims: false };
    assert.deepEqual(readRecordedCaller(JSON.stringify(whole)), whole);
    for (const wrong of [
      { scopes: [1] },
      { claims: [{ path: 'x', kind: 'text' }] },
      { age: [1] },
      { acr: 1 },
      { claims: {} },
    ])
      assert.equal(readRecordedCaller(JSON.stringify({ ...whole, ...wrong })), null);
  });
});
