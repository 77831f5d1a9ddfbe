import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { accountIdOfPrincipal, createDecider, type Decision, decide } from '../../../src/auth/decide/decide.ts';
import { createEvidence } from '../../../src/auth/decide/evidence.ts';
import { decideForm, formOf } from '../../../src/auth/algebra/form.ts';
import { implies } from '../../../src/auth/algebra/implication.ts';
import { missing } from '../../../src/auth/algebra/missing.ts';
import { letsIn } from '../../../src/auth/algebra/witness.ts';
import { leastScopesOf } from '../../../src/auth/rules/least-scopes.ts';
import type { Rule } from '../../../src/auth/rules/rule.ts';
import type { Principal } from '../../../src/principal.ts';
import {
  nowArbitrary,
  outcomesOf,
  principalArbitrary,
  rulesArbitrary,
  relatedRules,
  rulesLetIn,
  scopes,
  split,
  subsetsOf,
  wideRules,
} from '../../support/algebra.ts';
import { coveringRules, smallRules, universe } from '../../support/algebra-universe.ts';
import { dose } from '../../support/dose.ts';
import { person } from '../../support/rules.ts';

const principals = dose('properties/auth/algebra.test.ts');
/** Each run of a property has this many principals. */
const principalsPerRun = 10;
const numRuns = principals / principalsPerRun;
const callers = fc.array(fc.tuple(principalArbitrary, nowArbitrary), {
  minLength: principalsPerRun,
  maxLength: principalsPerRun,
});

/** The model of several rules together: the SHADOW rules deny nothing. */
function decideAll(rules: readonly Rule[], principal: Principal, now: number): Decision {
  const enforced = rules.filter(({ mode }) => mode === 'ENFORCE');
  const decisions = new Set(enforced.map((rule) => decide(rule, principal, now)));
  if (decisions.has('deny')) return 'deny';
  return decisions.has('depends') ? 'depends' : 'allow';
}

const counts: Record<string, number> = {};
function count(name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

describe('the algebra of rules', () => {
  after(() => {
    // The cases must not be all of one kind. Otherwise the properties show little.
    for (const name of [
      'allow',
      'deny',
      'depends',
      'implied',
      'not implied',
      'witness',
      'missing',
      'obtained',
      'step-up',
    ]) {
      assert.ok((counts[name] ?? 0) > numRuns / 50, `${name}: ${counts[name] ?? 0} of ${numRuns} runs`);
    }
    if (process.env['TEST_DOSE'] === 'full') process.stdout.write(`${JSON.stringify(counts)}\n`);
  });

  it('a normal form decides as its rules do', () => {
    fc.assert(
      fc.property(rulesArbitrary(4), callers, (rules, callers) => {
        const form = formOf(rules);
        for (const [principal, now] of callers) {
          const expected = decideAll(rules, principal, now);
          const found = decideForm(form, principal, now);
          count(found);
          if (form.isCapped) {
            // The listed alternatives are right, but not complete.
            assert.ok(found !== 'deny' && (found !== 'allow' || expected === 'allow'));
            assert.ok(found !== 'depends' || expected !== 'deny');
          } else assert.equal(found, expected);
        }
      }),
      { numRuns },
    );
  });

  it('a normal form lets in as its rules do, for every outcome of owners and policies', () => {
    fc.assert(
      fc.property(rulesArbitrary(2), callers, (rules, callers) => {
        const form = formOf(rules);
        for (const [principal, now] of callers) {
          for (const outcomes of outcomesOf(rules).slice(0, 64)) {
            const witness = { principal, now, ...outcomes };
            const found = form.alternatives.some((condition) => letsIn(condition, witness));
            const expected = rulesLetIn(rules, witness);
            if (form.isCapped) assert.ok(!found || expected);
            else assert.equal(found, expected);
          }
        }
      }),
      { numRuns },
    );
  });

  it('an implication is right: no caller contradicts a yes, and the witness of a no is let in by one side only', () => {
    const pairs = fc.oneof(fc.tuple(rulesArbitrary(3), rulesArbitrary(3)), relatedRules);
    fc.assert(
      fc.property(pairs, callers, ([narrower, wider], callers) => checkImplication(narrower, wider, callers)),
      { numRuns },
    );
  });

  it('an implication is what all callers of a small world say', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(smallRules, smallRules), coveringRules), ([narrower, wider]) => {
        const { answer } = implies(formOf(narrower), formOf(wider));
        const isImplied = universe.every((caller) => !rulesLetIn(narrower, caller) || rulesLetIn(wider, caller));
        count(isImplied ? 'implied in the small world' : 'not implied in the small world');
        assert.equal(answer, isImplied ? 'yes' : 'no');
      }),
      { numRuns: numRuns / 2 },
    );
  });

  it('an implication is right for capped forms too', () => {
    fc.assert(
      fc.property(wideRules, wideRules, callers, (narrower, wider, callers) => {
        checkImplication(narrower, [...narrower, ...wider], callers);
        checkImplication([...narrower, ...wider], narrower, callers);
      }),
      { numRuns: numRuns / 10 },
    );
  });

  it('rules imply each of them, and rules that are only written in another way', () => {
    fc.assert(
      fc.property(rulesArbitrary(3), (rules) => {
        const form = formOf(rules);
        const other = formOf(rules.map(split));
        if (form.isCapped || other.isCapped) return;
        assert.equal(implies(form, other).answer, 'yes');
        assert.equal(implies(other, form).answer, 'yes');
        assert.equal(implies(form, form).answer, 'yes');
        for (const rule of rules) assert.equal(implies(form, formOf([rule])).answer, 'yes');
        assert.deepEqual(formOf([...rules, ...rules]).alternatives.length, form.alternatives.length);
      }),
      { numRuns },
    );
  });

  it('least scopes are enough, and no scope of them can be left out', () => {
    const sets = subsetsOf(scopes);
    fc.assert(
      fc.property(rulesArbitrary(3), (rules) => {
        const { alternatives, isCapped } = leastScopesOf(rules);
        assert.equal(isCapped, false);
        const isEnough = (set: readonly string[]): boolean =>
          rules.every(
            (rule) => rule.mode === 'SHADOW' || decide(withScopesOnly(rule), person(set.join(' ')), 0) !== 'deny',
          );
        const enough = sets.filter(isEnough);
        const least = enough.filter(
          (set) => !enough.some((other) => other.length < set.length && new Set(other).isSubsetOf(new Set(set))),
        );
        const texts = (all: readonly (readonly string[])[]): string[] =>
          all.map((set) => [...set].sort().join(' ')).sort();
        assert.deepEqual(texts(alternatives), texts(least));
      }),
      { numRuns },
    );
  });

  it('least scopes are the scopes of the normal form, if the rules need nothing but scopes', () => {
    fc.assert(
      fc.property(rulesArbitrary(3), (rules) => {
        const bare = rules.map((rule) => ({ ...withScopesOnly(rule), mode: 'ENFORCE' as const }));
        const form = formOf(bare);
        assert.deepEqual(leastScopesOf(bare), { ...form, alternatives: form.alternatives.map(({ scopes }) => scopes) });
      }),
      { numRuns: numRuns / 10 },
    );
  });

  it('what is missing agrees with the evidence of a denial', () => {
    fc.assert(
      fc.property(rulesArbitrary(2), callers, (rules, callers) => {
        const enforced = rules.filter(({ mode }) => mode === 'ENFORCE');
        const form = formOf(enforced);
        // A form joins such a condition with `acr` and `maxAge`.
        if (form.isCapped || namesStepUpClaims(rules)) return;
        const ids = enforced.map((_, at) => at);
        for (const [principal, now] of callers) {
          const [nearest] = missing(form, principal, now) ?? [];
          if (!nearest) continue;
          const clock = (): number => now;
          const evidence = createEvidence(enforced, createDecider(enforced, clock), clock);
          const code = evidence.code(ids, principal);
          assert.equal(nearest.token, code === 'UNAUTHENTICATED');
          const { account, claims, scopes } = nearest;
          if (nearest.token || account || claims.length > 0 || scopes.length > 0) continue;
          count('step-up');
          assert.equal(code, 'STEP_UP_REQUIRED');
          const { maxAge } = evidence.stepUp(ids, principal);
          // The evidence describes each rule that denied. A form also sees that a new context breaks another rule.
          if (nearest.maxAge === null || /"acr":\[/.test(JSON.stringify(rules))) continue;
          assert.ok(maxAge !== undefined && maxAge <= nearest.maxAge);
        }
      }),
      { numRuns },
    );
  });

  it('what is missing is missing: null only if nothing is denied, and with it nothing is denied', () => {
    fc.assert(
      fc.property(rulesArbitrary(2), callers, (rules, callers) => {
        const form = formOf(rules);
        if (form.isCapped) return;
        for (const [principal, now] of callers) {
          const found = missing(form, principal, now);
          assert.equal(found === null, decideAll(rules, principal, now) !== 'deny');
          if (!found) continue;
          count('missing');
          for (const { token, claims, scopes, account, maxAge, acr } of found) {
            // Other claims cannot be obtained from the issuer.
            if (claims.length > 0 || token || principal.kind === 'anonymous') continue;
            for (const more of scopes.length > 0 ? scopes : [[]]) {
              count('obtained');
              const better = person(
                [...principal.scopes, ...more].join(' '),
                {
                  ...principal.claims,
                  ...(maxAge !== null && { auth_time: Math.ceil(now / 1000) - maxAge }),
                  ...(acr && { acr: acr[0] }),
                },
                account ? 'bob' : accountIdOfPrincipal(principal),
              );
              // A new `auth_time` or `acr` may break another condition on the same claim.
              if (!namesStepUpClaims(rules)) assert.notEqual(decideAll(rules, better, now), 'deny');
            }
          }
        }
      }),
      { numRuns },
    );
  });
});

/** Whether a rule has a condition on the claims of `maxAge` or `acr`. */
function namesStepUpClaims(rules: readonly Rule[]): boolean {
  return /"claim":\["(?:auth_time|acr)"/.test(JSON.stringify(rules));
}

function checkImplication(
  narrower: readonly Rule[],
  wider: readonly Rule[],
  callers: readonly (readonly [Principal, number])[],
): void {
  const [from, to] = [formOf(narrower), formOf(wider)];
  const implication = implies(from, to);
  if (implication.answer === 'no') {
    count('not implied');
    if (implication.witness.principal.kind === 'account') count('witness');
    assert.equal(rulesLetIn(narrower, implication.witness), true);
    assert.equal(rulesLetIn(wider, implication.witness), false);
    return;
  }
  if (implication.answer === 'unknown') {
    count('unknown');
    assert.ok(from.isCapped || to.isCapped, 'the answer is complete if no form is capped');
    return;
  }
  count('implied');
  for (const [principal, now] of callers) {
    for (const outcomes of outcomesOf([...narrower, ...wider]).slice(0, 64)) {
      const witness = { principal, now, ...outcomes };
      assert.ok(!rulesLetIn(narrower, witness) || rulesLetIn(wider, witness));
    }
  }
}

/** Returns a rule that needs only its scopes, with the alternatives that `leastScopesOfRule` counts. */
function withScopesOnly(rule: Rule): Rule {
  const part = { claims: [], owner: null, policies: [], maxAge: null, acr: null };
  const scoped = rule.anyOf.filter(({ scope }) => scope.some((set) => set.length > 0));
  return {
    ...rule,
    requirement: { ...rule.requirement, ...part },
    anyOf: scoped.map((alternative) => ({ ...alternative, ...part })),
  };
}
