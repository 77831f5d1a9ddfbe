import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSelection } from '../../src/explorer/client/callers/selection.ts';
import { changeInWords, claimsInWords, stateInWords, timeLeft } from '../../src/explorer/client/callers/words.ts';
import { anonymousId, type Caller } from '../../src/explorer/client/session/caller.ts';

function caller(id: string, changes: Partial<Caller> = {}): Caller {
  const claims = { sub: id };
  return {
    id,
    label: id,
    kind: 'signed-in',
    claims,
    scopes: [],
    expiresAt: null,
    state: 'ready',
    reason: null,
    ...changes,
  };
}

const anonymous = caller(anonymousId, { label: 'No token', kind: 'anonymous', claims: null });

/** Callers whose list a test sets. */
function callersOf(first: readonly Caller[]) {
  let list = first;
  const listeners = new Set<() => void>();
  return {
    list: () => list,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(callers: readonly Caller[]) {
      list = callers;
      for (const listener of listeners) listener();
    },
  };
}

describe('the choice of callers', () => {
  const [ada, grace, bot] = [caller('ada'), caller('grace'), caller('bot')];
  const idsOf = (callers: readonly Caller[]) => callers.map(({ id }) => id);

  it('runs as one caller, and as up to three side by side', () => {
    const callers = callersOf([anonymous, ada, grace, bot]);
    const selection = createSelection(callers);
    assert.deepEqual(idsOf(selection.get().runsAs), [anonymousId]);
    assert.equal(selection.get(), selection.get(), 'the same object until something changes');
    selection.runAs('ada');
    assert.deepEqual(idsOf(selection.get().runsAs), ['ada']);
    selection.compare(true);
    assert.deepEqual(idsOf(selection.get().runsAs), ['ada', anonymousId]);
    selection.toggle('grace');
    selection.toggle('bot');
    assert.deepEqual(idsOf(selection.get().runsAs), ['ada', anonymousId, 'grace'], 'a fourth is not added');
    selection.compare(false);
    assert.deepEqual(idsOf(selection.get().runsAs), ['ada']);
  });

  it('leaves out callers that were removed, and follows changes of the others', () => {
    const callers = callersOf([anonymous, ada, grace]);
    const selection = createSelection(callers);
    let changes = 0;
    const stop = selection.subscribe(() => (changes += 1));
    selection.runAs('grace');
    selection.compare(true);
    callers.set([anonymous, { ...ada, state: 'ended' }]);
    assert.deepEqual(selection.get().compared, [anonymousId]);
    assert.equal(selection.get().active, 'ada');
    selection.compare(false);
    assert.equal(selection.get().runsAs[0]?.state, 'ended');
    assert.equal(changes, 4);
    stop();
    selection.compare(true);
    assert.equal(changes, 4);
  });
});

describe('callers in words', () => {
  it('says how much time is left', () => {
    const cases: [number | null, string][] = [
      [null, 'time left not known'],
      [-1, 'expired'],
      [400, '1 s left'],
      [59_000, '59 s left'],
      [600_000, '10 min left'],
      [2 * 3_600_000, '2 h left'],
      [72 * 3_600_000, '3 days left'],
    ];
    for (const [leftMs, words] of cases) assert.equal(timeLeft(leftMs), words);
    assert.equal(stateInWords(caller('a', { expiresAt: 61_000 }), 1_000), '1 min left');
    assert.equal(stateInWords(caller('a', { state: 'ended' }), 0), 'ended');
    assert.equal(stateInWords(anonymous, 0), 'sends no Authorization header');
  });

  it('shows claims on one line each, without control characters, and short for any nesting', () => {
    assert.equal(claimsInWords({ sub: 'a', aud: ['x', 'y'] }), 'sub: "a"\naud: ["x","y"]');
    assert.equal(claimsInWords({ 'a\u202eb': 'c\u202ed\n' }), 'a b: "c d\\n"');
    const deep = JSON.parse('['.repeat(4_000) + ']'.repeat(4_000));
    assert.ok(claimsInWords({ deep, long: 'x'.repeat(10_000) }).length < 5_000);
  });

  it('announces who was added, has ended and was removed, and no renewal', () => {
    const ada = caller('ada');
    assert.equal(changeInWords([anonymous], [anonymous, ada]), 'ada was added.');
    assert.equal(changeInWords([ada], [{ ...ada, state: 'renewing' }]), '');
    const ended = caller('ada', { state: 'ended', reason: 'It was revoked.' });
    assert.equal(changeInWords([ada], [ended]), 'ada has ended. It was revoked.');
    assert.equal(changeInWords([ended], [ada]), 'ada is signed in again.');
    assert.equal(changeInWords([ada], []), 'ada was removed.');
  });
});
