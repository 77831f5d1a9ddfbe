import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Attempt, type RemedyCaller, remedyFor } from '../../src/explorer/client/needs/remedy.ts';
import { missing } from './needs-support.ts';

const anonymous: RemedyCaller = { kind: 'anonymous', scopes: [] };
const ada: RemedyCaller = { kind: 'signed-in', scopes: ['profile'] };
const offered = ['profile', 'grants', 'accounts', 'orders'];
const options = { canSignIn: true, offered, attempts: [] as readonly Attempt[] };

describe('The button that signs in for what is missing', () => {
  it('is not shown when nothing is missing', () => {
    assert.deepEqual(remedyFor(null, ada, options).choices, []);
    const impossible = remedyFor(missing(), ada, options);
    assert.deepEqual([impossible.choices, impossible.reasons], [[], ['No token satisfies one of the rules.']]);
  });

  it('asks for the scopes that the caller has and the missing ones', () => {
    const { choices } = remedyFor(missing({ scopes: [['grants']] }), ada, options);
    assert.deepEqual(choices, [
      { added: ['grants'], requested: ['profile', 'grants'], words: 'Sign in again for grants' },
    ]);
  });

  it('signs an anonymous caller in, with and without a scope', () => {
    assert.deepEqual(
      remedyFor(missing({ token: true, scopes: [['grants', 'profile']] }), anonymous, options).choices[0],
      { added: ['grants', 'profile'], requested: ['grants', 'profile'], words: 'Sign in for grants and profile' },
    );
    // The label of the new caller is an email address only with `profile`.
    const [choice] = remedyFor(missing({ token: true, scopes: [['grants']] }), anonymous, options).choices;
    assert.deepEqual([choice?.added, choice?.requested], [['grants'], ['grants', 'profile']]);
    const [without] = remedyFor(missing({ token: true, scopes: [['a']] }), anonymous, {
      ...options,
      offered: ['a'],
    }).choices;
    assert.deepEqual(without?.requested, ['a']);
    assert.equal(remedyFor(missing({ token: true }), anonymous, options).choices[0]?.words, 'Sign in');
  });

  it('offers alternatives as choices, the shortest first and each once', () => {
    const scopes = [['orders', 'grants'], ['accounts'], ['grants', 'orders'], ['profile', 'accounts']];
    const { choices } = remedyFor(missing({ scopes }), ada, options);
    assert.deepEqual(
      choices.map(({ added }) => added),
      [['accounts'], ['grants', 'orders']],
    );
  });

  it('offers a pasted token a sign-in as another caller, and says why', () => {
    const pasted: RemedyCaller = { kind: 'pasted', scopes: ['orders', 'of-another-issuer'] };
    const remedy = remedyFor(missing({ scopes: [['grants']] }), pasted, options);
    assert.deepEqual(remedy.choices, [
      {
        added: ['grants'],
        requested: ['orders', 'grants', 'profile'],
        words: 'Sign in as another caller for grants',
      },
    ]);
    assert.match(remedy.reasons.join(' '), /pasted token cannot get more/);
  });

  it('steps up with the age and the context of the rule', () => {
    const remedy = remedyFor(missing({ maxAge: 300, acr: ['mfa'] }), ada, options);
    assert.deepEqual([remedy.maxAge, remedy.acr], [300, ['mfa']]);
    assert.equal(remedy.choices[0]?.words, 'Sign in again (valid for 5 minutes, with mfa)');
    assert.deepEqual(remedy.choices[0]?.requested, ['profile']);
  });

  it('says so, instead of a button, when the sign-in came back without the scope', () => {
    const attempts = [{ requested: ['profile', 'accounts'], granted: ['profile'], maxAge: null, acr: null }];
    const remedy = remedyFor(missing({ scopes: [['accounts']] }), ada, { ...options, attempts });
    assert.deepEqual(remedy.choices, []);
    assert.match(remedy.reasons.join(' '), /came back without accounts/);
    const other = remedyFor(missing({ scopes: [['accounts'], ['grants']] }), ada, { ...options, attempts });
    assert.deepEqual(
      other.choices.map(({ added }) => added),
      [['grants']],
    );
  });

  it('says so when the step-up did not reach the context', () => {
    const attempts = [{ requested: ['profile'], granted: ['profile'], maxAge: null, acr: ['mfa'] }];
    const remedy = remedyFor(missing({ acr: ['mfa'] }), ada, { ...options, attempts });
    assert.deepEqual(remedy.choices, []);
    assert.match(remedy.reasons.join(' '), /did not reach the authentication context mfa/);
  });

  it('says so for claims, for the owner, and for a scope that the server does not offer', () => {
    const claims = remedyFor(missing({ claims: ['org'] }), ada, options);
    assert.deepEqual(claims.choices, []);
    assert.match(claims.reasons.join(' '), /claim org/);
    assert.match(remedyFor(missing({ account: true }), ada, options).reasons.join(' '), /owner/);
    const unknown = remedyFor(missing({ scopes: [['payroll']] }), ada, options);
    assert.deepEqual(unknown.choices, []);
    assert.match(unknown.reasons.join(' '), /does not offer the scope payroll/);
    const both = remedyFor(missing({ scopes: [['grants']], claims: ['org'] }), ada, options);
    assert.equal(both.choices.length, 1);
    assert.equal(both.reasons.length, 1);
  });

  it('is not shown where the page cannot sign in', () => {
    const remedy = remedyFor(missing({ scopes: [['grants']] }), ada, { ...options, canSignIn: false });
    assert.deepEqual(remedy.choices, []);
    assert.match(remedy.reasons.join(' '), /cannot sign in here/);
  });
});
