import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logWarnings } from '../../src/observe/warnings.ts';
import { query } from '../support/client.ts';
import { until } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';

/** A module that executes the server's own schema with a handwritten principal. */
const config = `export default { modules: [{
  name: 'team',
  typeDefs: 'extend type Query { again: String @public guarded: String @auth }',
  resolvers: { Query: {
    guarded: () => 'secret',
    again: async (_query, _arguments, _context, info) => {
      const { guarded } = info.schema.getQueryType().getFields();
      try {
        return await guarded.resolve(null, {}, { principal: { kind: 'account', note: 'hunter2' } }, info);
      } catch (error) {
        return error.message;
      }
    },
  } },
}] };`;

describe('warnings of the process', () => {
  it('G-11 a foreign principal in production is reported in the log of the server, once, as a line of JSON', async () => {
    const server = await startTestServer({ config, env: { NODE_ENV: 'production' } });
    try {
      for (const _ of [1, 2, 3]) {
        const { body } = await query(server.own, '{ again }');
        assert.notEqual(body.data?.again, 'secret');
      }
      await until(() => server.output().includes('CLAIMGATE_FOREIGN_PRINCIPAL'));
      const told = server
        .output()
        .split('\n')
        .filter((line) => line.includes('did not make'));
      assert.equal(told.length, 1, server.output());
      const { level, warning, warningCode, detail, msg } = JSON.parse(told[0] ?? '') as Record<string, string>;
      assert.deepEqual([level, warning, warningCode], ['warn', 'ClaimgateWarning', 'CLAIMGATE_FOREIGN_PRINCIPAL']);
      assert.match(msg ?? '', /npm ls claimgate/);
      assert.match(detail ?? '', /Copies of Claimgate in this process: file:/);
      assert.doesNotMatch(server.output(), /hunter2/);
    } finally {
      await server.dispose();
    }
  });

  it('G-11 are printed by Node again once the server has stopped, and other listeners are left alone', () => {
    const other = (): void => {};
    process.on('warning', other);
    const before = process.listeners('warning');
    const stop = logWarnings({ warn: () => {} });
    assert.ok(before.some((listener) => listener.name === 'onWarning'));
    assert.ok(!process.listeners('warning').some((listener) => listener.name === 'onWarning'));
    assert.ok(process.listeners('warning').includes(other));
    stop();
    assert.deepEqual(new Set(process.listeners('warning')), new Set(before));
    process.off('warning', other);
  });

  it('G-11 of Node.js and of modules are lines of the log, too', async () => {
    const lines: unknown[][] = [];
    const stop = logWarnings({ warn: (...given: unknown[]) => void lines.push(given) });
    process.emitWarning('old', { type: 'DeprecationWarning', code: 'DEP_TEST', detail: 'use another' });
    process.emitWarning('plain');
    await until(async () => lines.length === 2);
    stop();
    assert.deepEqual(lines, [
      [{ warning: 'DeprecationWarning', warningCode: 'DEP_TEST', detail: 'use another' }, 'old'],
      [{ warning: 'Warning', warningCode: undefined, detail: undefined }, 'plain'],
    ]);
  });
});
