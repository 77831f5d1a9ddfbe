import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parse } from 'graphql';
import { knownCaches } from '../../../../src/api/operation/known/caches.ts';
import { createKnownOperations, formatError, operationSteps } from '../../../../src/api/operation/operation.ts';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import { person } from '../../../support/rules.ts';
import { policy } from '../../fixture.ts';

/** How many documents are in use, and how many others a caller sends. */
const inUse = 100;
const flood = 20_000;

for (const times of [1, 2]) {
  it(`E-9 a flood of ${flood} distinct documents, each sent ${times} times, leaves ${inUse} documents known that are in use`, () => {
    const guarded = createGuardedSchema({
      modules: [{ name: 'one', typeDefs: 'type Query { a: Int @public }', resolvers: { Query: { a: () => 1 } } }],
    });
    const known = createKnownOperations({
      steps: operationSteps('single', policy, guarded),
      challenge: { realm: '', resourceMetadata: '' },
      formatError,
      reports: { onErrors() {} },
    });
    /** Sends a document. The server makes it known when it is sent for the first time. @returns whether it was known */
    const send = (text: string): boolean => {
      const found = known.find(text, null);
      if (found.kind === 'other') {
        known.remember(text, parse(text));
        return false;
      }
      const answer = known.run(found, null, { principal: person() }, 'application/json');
      assert.ok('body' in answer && answer.body.startsWith('{"data":{'));
      return true;
    };
    const texts = Array.from({ length: inUse }, (_, index) => `{ known${index}: a }`);
    for (let turn = 0; turn < 2; turn += 1) texts.forEach(send);
    let missed = 0;
    for (let index = 0; index < flood; index += 1) {
      for (let time = 0; time < times; time += 1) send(`{ once${index}: a }`);
      if (!send(texts[index % inUse] ?? '')) missed += 1;
    }
    assert.equal(missed, 0);
    const { entries, bytes } = knownCaches.knownDocuments;
    assert.ok(known.entries <= entries && known.bytes <= bytes);
  });
}
