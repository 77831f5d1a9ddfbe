import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { always, decideForm, formOf, never, type NormalForm } from '../../../src/auth/algebra/form.ts';
import { implies } from '../../../src/auth/algebra/implication.ts';
import { missing } from '../../../src/auth/algebra/missing.ts';
import { wordsOfForm } from '../../../src/auth/algebra/words.ts';
import { maxAlternatives } from '../../../src/auth/rules/alternatives.ts';
import { leastScopesOf } from '../../../src/auth/rules/least-scopes.ts';
import type { Rule } from '../../../src/auth/rules/rule.ts';
import { anonymous } from '../../../src/principal.ts';
import { guardOne, person } from '../../support/rules.ts';

/** Returns the rules that `@auth` with each of these arguments makes on one field, in order. */
function rulesOf(...texts: readonly string[]): readonly Rule[] {
  const { rules } = guardOne(
    `type Query { t: T @public } type T { x(id: ID, name: String): Int ${texts.map((text) => `@auth(${text})`).join(' ')} }`,
    { policies: { p: () => [], q: () => [] } },
  );
  return rules;
}
const form = (...texts: readonly string[]): NormalForm => formOf(rulesOf(...texts));

describe('the normal form of rules that meet, in words', () => {
  const cases: readonly [rules: readonly string[], words: string][] = [
    [['scope: "a"'], 'the scope `a`'],
    [['scope: ["a b", "c"]'], 'the scope `a b` or `c`'],
    [['scope: ["a", "a b"]'], 'the scope `a`'],
    [['scope: ["a", "b"]', 'scope: ["a", "c"]'], 'the scope `a` or `b c`'],
    [['scope: "a"', 'maxAge: 60'], 'the scope `a` and authentication at most 60 seconds ago'],
    [['maxAge: 60', 'maxAge: 5'], 'authentication at most 5 seconds ago'],
    [['acr: ["1", "2"]', 'acr: ["2", "3"]'], 'the authentication context `2`'],
    [['acr: "1"', 'acr: "2"'], 'what no access token can satisfy'],
    [['acr: ["1", "2"]', 'claims: { claim: "acr", oneOf: ["2", "3"] }'], 'the authentication context `2`'],
    [
      ['claims: { claim: "c", oneOf: ["1", "2"] }', 'claims: { claim: "c", oneOf: ["2", "3"] }'],
      'the claim `c` equal to `2`',
    ],
    [['claims: { claim: "c", oneOf: "1" }', 'claims: { claim: "c", oneOf: "2" }'], 'what no access token can satisfy'],
    [
      ['claims: { claim: "c", oneOf: "1" }', 'claims: { claim: "c", contains: "1" }'],
      'what no access token can satisfy',
    ],
    [
      ['claims: { claim: "c", oneOf: "1" }', 'claims: { claim: ["c", "d"], exists: true }'],
      'what no access token can satisfy',
    ],
    [
      ['claims: { claim: "c", exists: true }', 'claims: { claim: ["c", "d"], oneOf: "1" }'],
      'the claim `c.d` equal to `1`',
    ],
    [
      ['claims: [{ claim: "c", contains: "1" }, { claim: "c", contains: "2" }]'],
      'the claim `c` containing `1` and the claim `c` containing `2`',
    ],
    [['claims: { claim: "c", exists: true }', 'claims: { claim: "c", oneOf: "1" }'], 'the claim `c` equal to `1`'],
    [['maxAge: 5', 'claims: { claim: "auth_time", oneOf: "yesterday" }'], 'what no access token can satisfy'],
    [
      ['anyOf: [{ acr: "gold" }, { claims: { claim: "acr", oneOf: ["gold", "1"] } }]'],
      'the claim `acr` equal to `gold` or `1`',
    ],
    [['anyOf: [{ scope: "admin" }, { owner: "$id" }]'], 'the scope `admin`, or to be the owner (`$id`)'],
    [['anyOf: [{ scope: "admin" }, { owner: "$id" }]', 'scope: "admin"'], 'the scope `admin`'],
    [
      ['owner: "$id"', 'owner: "$name"', 'policy: ["p", "q"]'],
      'to be the owner (`$id`) and the policy `p` and the policy `q` and to be the owner (`$name`)',
    ],
    [['scope: "a", mode: SHADOW'], 'no access token'],
    [['scope: "a", mode: SHADOW', 'maxAge: 5'], 'authentication at most 5 seconds ago'],
    [[''], 'a valid access token'],
  ];
  for (const [rules, words] of cases) {
    it(`${rules.join(' with ')}: ${words}`, () => {
      assert.equal(wordsOfForm(form(...rules.map((rule) => rule || 'mode: ENFORCE'))), words);
    });
  }

  it('without a rule, every caller is let in', () => {
    assert.deepEqual(formOf([]), always);
    assert.equal(decideForm(always, anonymous, 0), 'allow');
    assert.equal(decideForm(never, person('a b c'), 0), 'deny');
  });
});

describe('implication: whether B lets in every caller whom A lets in', () => {
  const cases: readonly [from: readonly string[], to: readonly string[], answer: 'yes' | 'no'][] = [
    [['scope: "a b"'], ['scope: "a"'], 'yes'],
    [['scope: "a"'], ['scope: "a b"'], 'no'],
    [['scope: "a"'], ['scope: ["a", "b"]'], 'yes'],
    [['maxAge: 5'], ['maxAge: 60'], 'yes'],
    [['maxAge: 60'], ['maxAge: 5'], 'no'],
    [['acr: "1"'], ['acr: ["1", "2"]'], 'yes'],
    [['acr: ["1", "2"]'], ['acr: "1"'], 'no'],
    [['acr: ["gold", "1"]'], ['anyOf: [{ acr: "gold" }, { acr: "1" }]'], 'yes'],
    [['acr: "gold"'], ['claims: { claim: "acr", oneOf: "gold" }'], 'yes'],
    [['claims: { claim: "acr", oneOf: "gold" }'], ['acr: "gold"'], 'yes'],
    // The claim may be the number 1, which is no context.
    [['claims: { claim: "acr", oneOf: "1" }'], ['acr: "1"'], 'no'],
    [
      ['claims: { claim: "c", oneOf: ["1", "2"] }'],
      ['anyOf: [{ claims: { claim: "c", oneOf: "1" } }, { claims: { claim: "c", oneOf: ["2", "3"] } }]'],
      'yes',
    ],
    [['claims: { claim: "c", oneOf: ["1", "2"] }'], ['claims: { claim: "c", exists: true }'], 'yes'],
    [['claims: { claim: ["c", "d"], contains: "1" }'], ['claims: { claim: "c", exists: true }'], 'yes'],
    [['claims: { claim: "c", exists: true }'], ['claims: { claim: "c", oneOf: ["1", "2"] }'], 'no'],
    [['maxAge: 5'], ['claims: { claim: "auth_time", exists: true }'], 'yes'],
    [['policy: "p"'], ['policy: "q"'], 'no'],
    [['policy: ["p", "q"]'], ['policy: "q"'], 'yes'],
    [['owner: "$id"'], ['owner: "$name"'], 'no'],
    [['scope: "a"'], ['anyOf: [{ scope: "a" }, { owner: "$id" }]'], 'yes'],
    [['owner: "$id"'], ['mode: ENFORCE'], 'yes'],
    [['mode: ENFORCE'], ['owner: "$id"'], 'no'],
  ];
  for (const [from, to, answer] of cases) {
    it(`${from.join(' with ')} → ${to.join(' with ')}: ${answer}`, () => {
      assert.equal(implies(form(...from), form(...to)).answer, answer);
    });
  }

  it('the search for a witness tries each part of an alternative that lets in too many', () => {
    const both = 'claims: { claim: "c", oneOf: ["x", "y"] }, acr: ["gold", "1"]';
    const one = '{ claims: { claim: "c", oneOf: "x" }, acr: "gold" }, { claims: { claim: "c", oneOf: "y" } }';
    assert.equal(implies(form(both), form(`anyOf: [${one}]`)).answer, 'no');
    assert.equal(implies(form(both), form(`anyOf: [${one}, { acr: "1" }]`)).answer, 'yes');
    assert.equal(implies(form(both), form('claims: { claim: "c", exists: true }, acr: "gold"')).answer, 'no');
    const below = 'claims: { claim: ["c", "d"], oneOf: ["x", "y"] }, acr: ["gold", "1"]';
    assert.equal(implies(form(below), form('claims: { claim: "c", exists: true }, acr: "gold"')).answer, 'no');
    const any = 'claims: { claim: "c", exists: true }';
    assert.equal(implies(form(any), form('claims: { claim: "c", oneOf: "any" }')).answer, 'no');
  });

  it('the time of a witness is another one if a claim says when the person authenticated', () => {
    const at = 'claims: { claim: "auth_time", oneOf: "1000" }';
    for (const now of [1_000_000, 5_000_000]) {
      assert.equal(implies(form(at), form('maxAge: 10'), now).answer, 'no');
      const found = implies(form(`${at}, maxAge: 60`), form('maxAge: 10'), now);
      assert.equal(found.answer === 'no' && found.witness.now, 1_060_000);
    }
  });

  it('every rule implies no rule, and no rule implies no other rule: the witness is anonymous', () => {
    assert.equal(implies(form('scope: "a"'), always).answer, 'yes');
    assert.equal(implies(never, form('scope: "a"')).answer, 'yes');
    const open = implies(always, form('mode: ENFORCE'));
    assert.equal(open.answer === 'no' && open.witness.principal, anonymous);
  });

  it('a witness is a caller whom only one side lets in', () => {
    const { answer, ...found } = implies(
      form('scope: "a", maxAge: 60, claims: { claim: ["org", "role"], oneOf: ["boss", "hr"] }'),
      form('scope: "a", maxAge: 5', 'claims: { claim: ["org", "role"], oneOf: ["boss", "it"] }'),
    );
    assert.equal(answer, 'no');
    if (!('witness' in found)) return;
    const { principal, now } = found.witness;
    assert.ok(principal.kind === 'account');
    assert.deepEqual([...principal.scopes], ['a']);
    assert.equal(now, Date.UTC(2026, 0, 1));
    assert.equal((principal.claims['auth_time'] as number) + 60, now / 1000);
  });

  it('policies of different coordinates are different questions, unless the caller of the algebra says otherwise', () => {
    const [one] = rulesOf('policy: "p"');
    assert.ok(one);
    const other = { ...one, coordinate: 'T.y' };
    assert.equal(implies(formOf([one]), formOf([other])).answer, 'no');
    const about = (): string => 'T.x';
    assert.equal(implies(formOf([one], about), formOf([other], about)).answer, 'yes');
  });
});

describe('a form with too many alternatives', () => {
  const wide = (letter: string): string =>
    `scope: [${Array.from({ length: 7 }, (_, at) => `"${letter}${at}"`).join(', ')}]`;
  const capped = form(wide('a'), wide('b'));

  it('is capped, and says so in words too', () => {
    assert.equal(capped.alternatives.length, maxAlternatives);
    assert.equal(capped.isCapped, true);
    assert.match(wordsOfForm(capped), /, or another of more alternatives$/);
    assert.equal(leastScopesOf(rulesOf(wide('a'), wide('b'))).isCapped, true);
  });

  it('is never claimed as complete', () => {
    assert.equal(decideForm(capped, person('a0 b0'), 0), 'allow');
    assert.equal(decideForm(capped, person('a6 b6'), 0), 'unknown');
    assert.equal(implies(capped, form('scope: ["a0", "b0"]')).answer, 'no');
    assert.equal(implies(capped, form(wide('a'))).answer, 'unknown');
    assert.equal(implies(form('scope: "a6 b6"'), capped).answer, 'unknown');
    assert.equal(implies(form('scope: "a0 b0"'), capped).answer, 'yes');
  });
});

describe('what a principal lacks', () => {
  const nothing = { token: false, scopes: [], claims: [], account: false, maxAge: null, acr: null };
  const now = 1_000_000;
  const rule = form(
    'scope: ["a b", "c"]',
    'anyOf: [{ acr: "gold", maxAge: 60 }, { claims: { claim: "c", oneOf: "1" } }]',
  );

  it('the nearest first: what the issuer can grant before other claims', () => {
    assert.deepEqual(missing(rule, person('a'), now), [
      { ...nothing, scopes: [['b'], ['c']], maxAge: 60, acr: ['gold'] },
      { ...nothing, scopes: [['b'], ['c']], claims: [{ claim: ['c'], operator: 'oneOf', values: ['1'] }] },
    ]);
    assert.deepEqual(missing(rule, person('c', { acr: 'gold' }), now)?.[0], { ...nothing, maxAge: 60 });
    assert.equal(missing(rule, person('c', { acr: 'gold', auth_time: 999 }), now), null);
    assert.equal(missing(rule, person('c', { c: 1 }), now), null);
  });

  it('a token, an account', () => {
    assert.deepEqual(missing(form('owner: "$id"'), anonymous, now), [{ ...nothing, token: true, account: true }]);
    assert.deepEqual(missing(form('owner: "$id"'), person('a', {}, null), now), [{ ...nothing, account: true }]);
    assert.equal(missing(form('owner: "$id"'), person('a'), now), null);
    assert.equal(missing(always, anonymous, now), null);
  });

  it('the longest maxAge comes before a shorter one that asks for no less', () => {
    const ages = missing(form('anyOf: [{ maxAge: 5, policy: "p" }, { maxAge: 60, policy: "q" }]'), person(), now);
    assert.deepEqual(ages, [
      { ...nothing, maxAge: 60 },
      { ...nothing, maxAge: 5 },
    ]);
  });

  it('nothing helps if no caller is let in', () => {
    assert.deepEqual(missing(never, person('a'), now), []);
  });
});
