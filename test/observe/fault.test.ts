import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogger } from '../../src/observe/log.ts';

/** Returns the log line for an error. */
function logged(error: unknown): { level: string; err: { type: string; message: string; stack: string } } {
  const lines: string[] = [];
  createLogger('info', { write: (line) => void lines.push(line) }).log.error({ err: error }, 'operation failed');
  return JSON.parse(lines[0] ?? '{}');
}

describe('an error of any form is logged, and is not changed', () => {
  it('a frozen one', () => {
    const { err } = logged(Object.freeze(new TypeError('frozen')));
    assert.equal(err.type, 'TypeError');
    assert.equal(err.message, 'frozen');
    assert.match(err.stack, /fault\.test\.ts/);
  });

  it('one with causes, in a circle', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    if (error.cause instanceof Error) error.cause.cause = error;
    const { err } = logged(error);
    assert.match(err.message, /^outer: inner: outer/);
    assert.match(err.stack, /caused by: Error: inner/);
  });

  it('one with members that throw', () => {
    const error = new Error('x');
    Object.defineProperty(error, 'message', {
      get() {
        throw new Error('not to be read');
      },
    });
    assert.equal(logged(error).err.message, 'an error whose members cannot be read');
  });

  it('one without properties of its own that a library added', () => {
    const error = Object.assign(new Error('x'), { token: 'a secret', request: { headers: {} } });
    assert.deepEqual(Object.keys(logged(error).err), ['type', 'message', 'stack']);
  });

  for (const value of [null, 'text', 0, Object.create(null)]) {
    it(`a value that is not an error: ${value === null ? 'null' : typeof value}`, () => {
      assert.equal(typeof logged(value).err.message, 'string');
    });
  }
});
