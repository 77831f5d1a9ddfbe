import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../support/process.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

describe('the log of explainOperation', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ env: { LOG_LEVEL: 'debug' } });
  });
  after(() => server.dispose());

  it('has neither the explained document nor its variables, at the level debug', async () => {
    const query =
      'query ($d: String!, $v: String) { explainOperation(document: $d, variables: $v) { outcome faults { message } } }';
    const documents = [
      'query ($id: ID!) { node(id: $id) { in_the_document: id } }',
      '{ viewer { in_the_document } }',
      '{ in_the_document ',
    ];
    for (const d of documents) {
      const response = await fetch(`${server.own}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { d, v: '{ "id": "in_the_variables" }' } }),
      });
      assert.equal(response.status, 200, await response.text());
    }
    await until(() => server.output().split('"route":"/graphql"').length > documents.length);
    const output = server.output();
    assert.doesNotMatch(output, /in_the_document|in_the_variables/);
  });
});
