import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation } from '../../src/explorer/client/run/answers/answer.ts';
import { mayRunAgain } from '../../src/explorer/client/run/send/run-again.ts';

const document = 'query A { a }\nmutation B { b }\nquery C { a }';
const operation: Operation = { kind: 'query', query: document, operationName: 'A' };
const run = { tab: 'one', operation };
const same = { tab: 'one', document, operationName: 'A' };

describe('an operation that runs again by itself after a sign-in', () => {
  it('is the one whose answer asked for the sign-in', () => {
    assert.equal(mayRunAgain(run, same), true);
    const alone: Operation = { kind: 'query', query: '{ a }' };
    assert.equal(
      mayRunAgain({ tab: 't', operation: alone }, { tab: 't', document: '{ a }', operationName: null }),
      true,
    );
    const stream: Operation = { kind: 'subscription', query: 'subscription S { s }', operationName: 'S' };
    const inEditor = { tab: 't', document: stream.query, operationName: 'S' };
    assert.equal(mayRunAgain({ tab: 't', operation: stream }, inEditor), true);
  });

  it('is none if the person has changed the tab, the text or the selected operation, or has opened a link', () => {
    assert.equal(mayRunAgain(run, { ...same, tab: 'two' }), false);
    assert.equal(mayRunAgain(run, { ...same, document: 'mutation A { a }' }), false);
    assert.equal(mayRunAgain(run, { ...same, document: `${document} ` }), false);
    for (const operationName of ['B', 'C', 'D', null])
      assert.equal(mayRunAgain(run, { ...same, operationName }), false);
  });

  it('is never a mutation', () => {
    const mutation: Operation = { kind: 'mutation', query: document, operationName: 'B' };
    assert.equal(mayRunAgain({ tab: 'one', operation: mutation }, { ...same, operationName: 'B' }), false);
  });
});
