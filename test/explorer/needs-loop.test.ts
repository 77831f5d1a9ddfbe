import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNeedsLoop, type NeedsLoop } from '../../src/explorer/client/needs/asking/needs-loop.ts';
import type { Askable, Question } from '../../src/explorer/client/needs/asking/question.ts';
import type { Explanation } from '../../src/explorer/client/needs/explanation.ts';
import { explanation } from './needs-support.ts';

interface Call {
  readonly question: Askable;
  readonly callerId: string;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly answer: (value: Explanation) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** A loop with a clock of its own, and the requests that it made. */
function bench(): { loop: NeedsLoop; calls: Call[]; pass: (ms: number) => void; changes: () => number } {
  const calls: Call[] = [];
  let time = 0;
  let timer: { at: number; run: () => void } | null = null;
  const loop = createNeedsLoop({
    explain: (question, callerId, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Explanation>();
      const settle = async (): Promise<void> => {
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      };
      calls.push({
        question,
        callerId,
        signal,
        startedAt: time,
        answer: (value) => (resolve(value), settle()),
        fail: (error) => (reject(error), settle()),
      });
      return promise;
    },
    now: () => time,
    later: (run, delayMs) => {
      const mine = { at: time + delayMs, run };
      timer = mine;
      return () => {
        if (timer === mine) timer = null;
      };
    },
  });
  let changes = 0;
  loop.subscribe(() => {
    changes += 1;
  });
  return {
    loop,
    calls,
    changes: () => changes,
    pass: (ms) => {
      const end = time + ms;
      while (timer && timer.at <= end) {
        const { at, run } = timer;
        timer = null;
        time = Math.max(time, at);
        run();
      }
      time = end;
    },
  };
}

const question = (document: string, parts: Partial<Question> = {}): Question => ({
  document,
  operationName: null,
  variables: '',
  callers: [{ id: 'a', version: '1' }],
  ...parts,
});
const runs = explanation();

describe('The loop that asks what an operation needs', () => {
  it('asks once the text rests, and not again while nothing changed', async () => {
    const { loop, calls, pass } = bench();
    for (const text of ['{', '{ m', '{ me', '{ me }']) {
      loop.ask(question(text));
      pass(50);
    }
    assert.equal(calls.length, 0);
    pass(1_000);
    assert.deepEqual(
      calls.map(({ question }) => question.document),
      ['{ me }'],
    );
    await calls[0]!.answer(runs);
    loop.ask(question('{ me }'));
    pass(10_000);
    assert.equal(calls.length, 1);
    assert.equal(loop.current().answers[0]?.explanation, runs);
  });

  it('lets the newest question win, and cancels the older request', async () => {
    const { loop, calls, pass } = bench();
    loop.ask(question('{ a }'));
    pass(300);
    loop.ask(question('{ b }'));
    assert.equal(calls[0]!.signal.aborted, true);
    pass(600);
    await calls[1]!.answer(runs);
    await calls[0]!.answer(explanation({ outcome: 'REFUSED' }));
    assert.equal(loop.current().document, '{ b }');
    assert.equal(loop.current().answers[0]?.explanation.outcome, 'RUNS');
  });

  it('sends at most four requests a second, for one caller and for three', async () => {
    for (const callers of [1, 3]) {
      const { loop, calls, pass } = bench();
      for (let step = 0; step < 100; step += 1) {
        loop.ask(
          question(`{ field${step} }`, {
            callers: Array.from({ length: callers }, (_, index) => ({ id: `c${index}`, version: String(step) })),
          }),
        );
        pass(100 + (step % 3) * 150);
      }
      const times = calls.map(({ startedAt }) => startedAt);
      const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
      assert.ok(most > 0 && most <= 4 + (callers - 1), `${most} requests in a second`);
    }
  });

  it('keeps the last good needs with the reason while the text does not parse', async () => {
    const { loop, calls, pass, changes } = bench();
    loop.ask(question('{ me }'));
    pass(500);
    await calls[0]!.answer(runs);
    const before = changes();
    loop.ask(question('{ me { '));
    pass(500);
    assert.equal(calls.length, 1, 'unfinished text costs no request');
    assert.equal(loop.current().answers[0]?.explanation, runs);
    assert.match(loop.current().problem?.reason ?? '', /^Not finished yet \(line 1\): /);
    assert.equal(changes(), before + 1);
    loop.ask(question('{ me {  '));
    pass(500);
    assert.equal(changes(), before + 1, 'the same reason is not drawn again');
  });

  it('keeps the last good needs when the server refuses or cannot be reached, and asks again', async () => {
    const { loop, calls, pass } = bench();
    loop.ask(question('{ me }'));
    pass(500);
    await calls[0]!.answer(runs);
    loop.ask(question('{ mee }'));
    pass(500);
    await calls[1]!.fail(new Error('Cannot query field "mee" on type "Query".'));
    assert.deepEqual(loop.current().problem, { kind: 'server', reason: 'Cannot query field "mee" on type "Query".' });
    assert.equal(loop.current().answers.length, 1);
    loop.askAgain();
    pass(500);
    await calls[2]!.answer(runs);
    assert.equal(loop.current().problem, null);
  });

  it('keeps the last good needs when the server finds a fault in the document', async () => {
    const { loop, calls, pass } = bench();
    loop.ask(question('{ me }'));
    pass(500);
    await calls[0]!.answer(runs);
    loop.ask(question('{ mee }'));
    pass(500);
    const fault = { message: 'Cannot query field "mee".', code: 'GRAPHQL_VALIDATION_FAILED', line: 1, column: 3 };
    await calls[1]!.answer(explanation({ outcome: 'REFUSED', faults: [fault] }));
    assert.deepEqual(loop.current().problem, { kind: 'text', reason: 'Line 1: Cannot query field "mee".' });
    assert.equal(loop.current().answers[0]?.explanation, runs);
  });

  it('explains for each chosen caller, and again when a token changed', async () => {
    const { loop, calls, pass } = bench();
    const callers = [
      { id: 'a', version: '1' },
      { id: 'b', version: '1' },
    ];
    loop.ask(question('{ me }', { callers }));
    pass(500);
    assert.deepEqual(
      calls.map(({ callerId }) => callerId),
      ['a', 'b'],
    );
    await calls[0]!.answer(runs);
    assert.equal(loop.current().answers.length, 0, 'all callers at once');
    await calls[1]!.answer(runs);
    assert.equal(loop.current().answers.length, 2);
    loop.ask(question('{ me }', { callers: [callers[0]!, { id: 'b', version: '2' }] }));
    pass(0);
    assert.equal(calls.length, 2, 'not faster than the bound');
    pass(1_000);
    assert.equal(calls.length, 4);
  });

  it('cancels the requests for the other callers when one of them fails', async () => {
    const { loop, calls, pass } = bench();
    loop.ask(
      question('{ me }', {
        callers: [
          { id: 'a', version: '1' },
          { id: 'b', version: '1' },
        ],
      }),
    );
    pass(500);
    await calls[0]!.fail(new Error('no'));
    assert.equal(calls[1]!.signal.aborted, true);
  });

  it('asks again only if the last request is old enough', async () => {
    const { loop, calls, pass } = bench();
    loop.ask(question('{ me }'));
    pass(500);
    await calls[0]!.answer(runs);
    loop.askAgain(60_000);
    pass(59_000);
    assert.equal(calls.length, 1);
    pass(2_000);
    loop.askAgain(60_000);
    pass(500);
    assert.equal(calls.length, 2);
  });

  it('stops, and starts again with the next question', () => {
    const { loop, calls, pass } = bench();
    loop.ask(question('{ me }'));
    loop.stop();
    pass(1_000);
    assert.equal(calls.length, 0);
    loop.ask(question('{ me }'));
    pass(1_000);
    assert.equal(calls.length, 1);
  });
});
