import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Remedy } from '../../src/explorer/client/needs/remedy.ts';
import { createNeedsSignIn } from '../../src/explorer/client/needs/sign-in.ts';
import type { Caller, SignInOptions } from '../../src/explorer/client/session/caller.ts';

const ada: Caller = {
  id: 'ada',
  label: 'ada@example.com',
  kind: 'signed-in',
  claims: {},
  scopes: ['profile'],
  expiresAt: null,
  state: 'ready',
  reason: null,
};
const choice = { added: ['grants'], requested: ['profile', 'grants'], words: 'Sign in again for grants' };
const remedy: Remedy = { choices: [choice], maxAge: null, acr: null, reasons: [] };

/** A sign-in whose window answers with a caller or an error. */
function bench(answer: (options: SignInOptions) => Promise<Caller>) {
  const asked: SignInOptions[] = [];
  const active: string[] = [];
  const signIn = createNeedsSignIn(
    {
      signIn: (options) => {
        asked.push(options);
        return answer(options);
      },
    },
    (id) => active.push(id),
  );
  return { signIn, asked, active };
}

describe('The sign-in of the pane', () => {
  it('replaces a signed-in caller, and makes the result the active caller', async () => {
    const { signIn, asked, active } = bench(async () => ({ ...ada, scopes: ['profile', 'grants'] }));
    await signIn.signIn(ada, remedy, choice);
    assert.deepEqual(asked, [{ scopes: ['profile', 'grants'], as: 'same', replaces: 'ada' }]);
    assert.deepEqual(active, ['ada']);
    assert.deepEqual(signIn.attemptsOf('ada'), [
      { requested: ['profile', 'grants'], granted: ['profile', 'grants'], maxAge: null, acr: null },
    ]);
  });

  it('adds a caller beside an anonymous one and a pasted token', async () => {
    const { signIn, asked } = bench(async () => ada);
    await signIn.signIn({ ...ada, id: 'none', kind: 'anonymous' }, remedy, choice);
    await signIn.signIn({ ...ada, id: 'paste', kind: 'pasted' }, remedy, choice);
    assert.deepEqual(asked, [{ scopes: ['profile', 'grants'] }, { scopes: ['profile', 'grants'] }]);
  });

  it('passes the age and the context of a step-up', async () => {
    const { signIn, asked } = bench(async () => ada);
    await signIn.signIn(ada, { ...remedy, maxAge: 60, acr: ['mfa'] }, choice);
    assert.deepEqual([asked[0]?.maxAge, asked[0]?.acr], [60, ['mfa']]);
  });

  it('remembers that the issuer has no sign-in with the context', async () => {
    const refusal = Object.assign(new Error('No sign-in here has it.'), { code: 'unmet_authentication_requirements' });
    const { signIn } = bench(() => Promise.reject(refusal));
    await signIn.signIn(ada, { ...remedy, acr: ['mfa'] }, choice);
    assert.equal(signIn.state().fault, 'No sign-in here has it.');
    assert.deepEqual(signIn.attemptsOf('ada')[0]?.acr, ['mfa']);
  });

  it('says why it failed, and opens one window at a time', async () => {
    const { promise, reject } = Promise.withResolvers<Caller>();
    const { signIn, asked, active } = bench(() => promise);
    const first = signIn.signIn(ada, remedy, choice);
    await signIn.signIn(ada, remedy, choice);
    assert.equal(signIn.state().isOpen, true);
    assert.equal(asked.length, 1);
    reject(new Error('The person denied the access.'));
    await first;
    assert.deepEqual(signIn.state(), { isOpen: false, fault: 'The person denied the access.' });
    assert.deepEqual(active, []);
    assert.deepEqual(signIn.attemptsOf('ada'), []);
  });
});
