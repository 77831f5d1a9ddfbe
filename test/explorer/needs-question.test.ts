import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { versionOf } from '../../src/explorer/client/needs/needs.ts';
import { readPasted } from '../../src/explorer/client/session/pasted.ts';
import { askable, type Question } from '../../src/explorer/client/needs/asking/question.ts';

const ask = (document: string, parts: Partial<Question> = {}) =>
  askable({ document, operationName: null, variables: '', callers: [], ...parts });

const reason = (document: string, parts?: Partial<Question>): string => {
  const found = ask(document, parts);
  assert.ok('reason' in found, 'expected a problem');
  return found.reason;
};

describe('The version of a caller', () => {
  it('does not fail for claims that are nested too deeply for JSON', () => {
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const deep = `{"jti":${'['.repeat(4_400)}${']'.repeat(4_400)}}`;
    const { caller } = readPasted(`${encode('{"alg":"none"}')}.${encode(deep)}.`, 0, 0);
    assert.ok(caller.claims);
    assert.equal(versionOf({ ...caller, id: 'a' }), '[[],null,null,false]');
  });
});

describe('A question about the text in the editor', () => {
  it('is empty for no text and for comments', () => {
    for (const text of ['', ' \n,', '# Welcome\n# { me }', '\uFEFF']) {
      const found = ask(text);
      assert.ok('kind' in found && found.kind === 'empty', JSON.stringify(text));
    }
  });

  it('can be asked when it parses, with the variables as a JSON string', () => {
    assert.deepEqual(ask('{ me }'), { document: '{ me }', operationName: null, variables: null });
    assert.deepEqual(ask('query Q { me }', { operationName: 'Q', variables: '{ "a": 1 }' }), {
      document: 'query Q { me }',
      operationName: 'Q',
      variables: '{"a":1}',
    });
  });

  it('drops an operation name that the document no longer has', () => {
    assert.deepEqual(ask('query New { me }', { operationName: 'Old' }), {
      document: 'query New { me }',
      operationName: null,
      variables: null,
    });
    assert.match(reason('query A { me } query B { me }', { operationName: 'Old' }), /several operations/);
  });

  it('says in one line why it cannot be asked', () => {
    assert.match(reason('{ me { '), /^Not finished yet \(line 1\): Expected Name, found <EOF>\.$/);
    assert.match(reason('fragment F on T { a }'), /no operation/);
    assert.match(reason('{ me }', { variables: '{ "a": ' }), /variables are not a JSON object/);
    assert.match(reason('{ me }', { variables: '[1]' }), /variables are not a JSON object/);
    assert.match(reason(`{ me } #${'x'.repeat(200_000)}`), /200000 characters/);
  });

  it('survives a document that is nested beyond the stack', () => {
    assert.match(reason('{a'.repeat(99_000)), /nested too deeply|Not finished/);
  });
});
