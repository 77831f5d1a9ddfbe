import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { graphql } from 'graphql';
import { root, run } from '../support/process.ts';
import { guarded } from './codegen/orders.ts';

describe("the types of a team's own modules, by GraphQL Code Generator", () => {
  it('codegen.yml generates the types with which the example is checked', async () => {
    const command = join(root, 'node_modules/@graphql-codegen/cli/esm/bin.js');
    const folder = join(root, 'test/flows/codegen');
    // In a project of a team, `claimgate` is installed and needs no condition.
    const generated = run(['--conditions=claimgate-source', command, '--config', 'codegen.yml', '--check'], {
      cwd: folder,
    });
    assert.equal(await generated.ended, 0, generated.output());
  });

  it('the example is a guarded schema', async () => {
    const source = '{ hello order(id: "1") { item } mine { id } }';
    const { data, errors = [] } = await graphql({ schema: guarded.schema, source, contextValue: {} });
    assert.equal(data, null);
    const fields = await graphql({
      schema: guarded.schema,
      source: '{ hello order(id: "1") { item } }',
      contextValue: {},
    });
    assert.deepEqual(JSON.parse(JSON.stringify(fields.data)), { hello: 'hello', order: null });
    assert.ok(errors.length > 0);
  });
});
