import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  announcement,
  decisionWords,
  duration,
  leastScopesSentence,
  missingPhrases,
  outcomeSentence,
  rulesSentence,
  textParts,
} from '../../src/explorer/client/needs/words.ts';
import { element, explanation, missing } from './needs-support.ts';

describe('The words of the pane of needs', () => {
  it('say the outcome in a sentence', () => {
    const denied = element({ decision: 'DENY' });
    const elements = [element(), element(), denied, denied, element({ decision: 'DEPENDS' })];
    assert.equal(outcomeSentence(explanation()), 'Runs: no rule guards it.');
    assert.equal(
      outcomeSentence(explanation({ outcome: 'RUNS', elements: [element()] })),
      'Runs: the guarded element is allowed.',
    );
    assert.equal(
      outcomeSentence(explanation({ outcome: 'RUNS', elements: [element(), element()] })),
      'Runs: all 2 guarded elements are allowed.',
    );
    assert.equal(
      outcomeSentence(explanation({ outcome: 'RUNS_IN_PART', elements })),
      'Runs in part: 2 of 5 guarded elements are denied.',
    );
    assert.equal(
      outcomeSentence(explanation({ outcome: 'DEPENDS', elements: [element({ decision: 'DEPENDS' })] })),
      'Depends on the values: 1 of 1 guarded element is decided while it runs.',
    );
    assert.equal(
      outcomeSentence(explanation({ outcome: 'REFUSED', code: 'UNAUTHENTICATED', elements: [denied] })),
      'Refused: nothing of it runs, because it needs an access token.',
    );
    assert.equal(outcomeSentence(explanation({ outcome: 'REFUSED', code: 'OTHER' })), 'Refused: nothing of it runs.');
  });

  it('say only what the rules decide, if only trusted documents run', () => {
    const [denied, depends] = [element({ decision: 'DENY' }), element({ decision: 'DEPENDS' })];
    const sentences = [
      rulesSentence(explanation()),
      rulesSentence(explanation({ outcome: 'RUNS', elements: [element()] })),
      rulesSentence(explanation({ outcome: 'RUNS', elements: [element(), element()] })),
      rulesSentence(explanation({ outcome: 'RUNS_IN_PART', elements: [denied] })),
      rulesSentence(explanation({ outcome: 'DEPENDS', elements: [depends] })),
      rulesSentence(explanation({ outcome: 'REFUSED', code: 'UNAUTHENTICATED', elements: [denied] })),
    ];
    assert.deepEqual(sentences, [
      'No rule guards it.',
      'By the rules, the guarded element is allowed.',
      'By the rules, all 2 guarded elements are allowed.',
      'By the rules, 1 of 1 guarded element is denied.',
      'By the rules, 1 of 1 guarded element is decided while it runs.',
      'The rules refuse all of it, because it needs an access token.',
    ]);
    assert.match(
      announcement(explanation({ outcome: 'RUNS_IN_PART', elements: [denied] }), rulesSentence),
      /^By the rules, 1 of 1 guarded element is denied\. Denied: /,
    );
  });

  it('say a decision by a sign and by words', () => {
    assert.deepEqual(decisionWords('ALLOW'), { sign: '✓', words: 'may' });
    assert.deepEqual(decisionWords('DENY'), { sign: '✗', words: 'may not' });
    assert.deepEqual(decisionWords('DEPENDS'), { sign: '?', words: 'depends on the value' });
    assert.deepEqual(decisionWords('toString' as 'ALLOW'), { sign: '?', words: 'unknown' });
  });

  it('say what is missing, and only that', () => {
    assert.deepEqual(missingPhrases(null), []);
    assert.deepEqual(missingPhrases(missing()), []);
    assert.deepEqual(
      missingPhrases(
        missing({ scopes: [['a', 'b'], ['c']], claims: ['org.id'], account: true, maxAge: 300, acr: ['mfa', 'hwk'] }),
      ),
      [
        'the scope a and b or c',
        'the claim org.id',
        'an account: the token stands for an application alone or for another issuer',
        'a sign-in that is at most 5 minutes old',
        'the authentication context mfa or hwk',
      ],
    );
    assert.deepEqual(missingPhrases(missing({ token: true, account: true })), ['an access token']);
  });

  it('say the least scopes, and that a list is capped', () => {
    assert.match(leastScopesSentence(explanation()), /^No scopes are enough/);
    assert.match(leastScopesSentence(explanation({ leastScopes: [[]] })), /^No scope is needed/);
    assert.equal(leastScopesSentence(explanation({ leastScopes: [['a']] })), 'Least scopes for all of it:');
    assert.match(leastScopesSentence(explanation({ leastScopes: [['a'], ['b']] })), /as alternatives/);
    assert.match(
      leastScopesSentence(explanation({ leastScopes: [['a']], leastScopesCapped: true })),
      /only the shortest/,
    );
  });

  it('announce the outcome and at most five denied elements', () => {
    const elements = Array.from({ length: 7 }, (_, index) => element({ coordinate: `T.f${index}`, decision: 'DENY' }));
    assert.match(
      announcement(explanation({ outcome: 'RUNS_IN_PART', elements })),
      /Denied: T\.f0, T\.f1, T\.f2, T\.f3, T\.f4, and 2 more\.$/,
    );
    assert.equal(announcement(explanation()), 'Runs: no rule guards it.');
  });

  it('write durations with their unit', () => {
    assert.deepEqual([1, 90, 60, 300, 3600, 7200].map(duration), [
      '1 second',
      '90 seconds',
      '1 minute',
      '5 minutes',
      '1 hour',
      '2 hours',
    ]);
  });

  it('split the code of a rule from its words, and leave a lone backtick as text', () => {
    assert.deepEqual(textParts('Requires `a` or `b`.'), [
      { text: 'Requires ', code: false },
      { text: 'a', code: true },
      { text: ' or ', code: false },
      { text: 'b', code: true },
      { text: '.', code: false },
    ]);
    assert.deepEqual(textParts('a ` b'), [
      { text: 'a ', code: false },
      { text: ' b', code: false },
    ]);
  });
});
