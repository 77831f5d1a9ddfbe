import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plain } from '../../../src/tools/report/paint.ts';
import type { AttackReport } from '../../../src/tools/attack/report/findings.ts';
import { attackJunit } from '../../../src/tools/attack/report/junit.ts';
import { attackSarif } from '../../../src/tools/attack/report/sarif.ts';
import { attackText } from '../../../src/tools/attack/report/text.ts';
import { faultsOfJunit } from './junit-shape.ts';
import { faultsOfSarif } from './sarif-shape.ts';

const report: AttackReport = {
  schema: 'shop & "co".graphql',
  seed: 3,
  waysIn: [
    {
      coordinate: 'Order.total',
      elements: ['Order.total', 'Priced.total'],
      requires: 'the scope `totals:read`',
      by: 'value',
      at: 'orders.0.total',
      way: 'plain',
      transport: 'executed directly',
      persona: 'without a token',
      claims: null,
      operation: 'query Attack { orders(text: "<\u0007>") { total } }',
      operationName: null,
      variables: '{}',
      times: 2,
    },
  ],
  notTried: [{ coordinate: 'Query.late', reason: 'no operation reaches it' }],
  tried: ['Order.total', 'Query.orders'],
  transports: [
    { name: 'executed directly', operations: 8, reached: 2 },
    { name: 'over WebSocket', operations: 2, reached: 0 },
  ],
  counts: { elements: 3, tried: 2, notTried: 1, waysIn: 1, operations: 10, callers: 2, furtherPlaces: 0 },
};

describe('the reports of an attack', () => {
  it('SARIF has the shape of the specification, with and without places and ways in', () => {
    const empty = { ...report, waysIn: [], notTried: [] };
    for (const text of [
      attackSarif(report, () => ({ file: 'a b.graphql', line: 4 })),
      attackSarif(report, () => null),
      attackSarif(empty, () => null),
    ]) {
      assert.deepEqual(faultsOfSarif(JSON.parse(text)), []);
    }
    const broken = JSON.parse(attackSarif(report, () => null));
    broken.runs[0].results[0].level = 'fatal';
    delete broken.runs[0].tool.driver.name;
    broken.runs[0].tools = [];
    assert.deepEqual(faultsOfSarif(broken), [
      '$.runs[0].tool.driver: expected name (3.19)',
      '$.runs[0].results[0].level: expected level',
      '$.runs[0]: expected no member tools (3.14)',
    ]);
  });

  it('SARIF names the element, its place and the rule of the tool', () => {
    const log = JSON.parse(attackSarif(report, () => ({ file: 'a b.graphql', line: 4 })));
    assert.equal(log.version, '2.1.0');
    const [run] = log.runs;
    assert.equal(typeof run.tool.driver.name, 'string');
    assert.equal(run.invocations[0].executionSuccessful, true);
    assert.match(run.invocations[0].toolExecutionNotifications[0].message.text, /^Query\.late was not tried/);
    const [result] = run.results;
    assert.ok(run.tool.driver.rules.some(({ id }: { id: string }) => id === result.ruleId));
    assert.match(result.message.text, /^Order\.total requires the scope `totals:read`\./);
    assert.ok(['none', 'note', 'warning', 'error'].includes(result.level));
    const [{ physicalLocation, logicalLocations }] = result.locations;
    assert.equal(physicalLocation.artifactLocation.uri, 'a%20b.graphql');
    assert.equal(physicalLocation.region.startLine, 4);
    assert.equal(logicalLocations[0].fullyQualifiedName, 'Order.total');
  });

  it('JUnit XML has a test for each element, and skips those that were not tried', () => {
    const xml = attackJunit(report);
    assert.deepEqual(faultsOfJunit(xml), []);
    assert.deepEqual(faultsOfJunit(attackJunit({ ...report, waysIn: [], tried: [] })), []);
    assert.notDeepEqual(faultsOfJunit(xml.replace('<failure', '<failed')), []);
    assert.match(
      xml,
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="claimgate attack" tests="4" failures="2" errors="0" skipped="1">/,
    );
    assert.match(xml, /name="shop &amp; &quot;co&quot;.graphql"/);
    assert.match(xml, /name="Order\.total"><failure message="[^"<]*">/);
    assert.match(xml, /name="Query\.late"><skipped message="no operation reaches it"\/>/);
    assert.match(xml, /name="Query\.orders"\/>/);
    assert.ok(!xml.includes('\u0007'));
  });

  it('the text names the caller, the operation and what was not tried', () => {
    const text = attackText(report, plain);
    assert.match(
      text,
      /^Order\.total {2}a value at orders\.0\.total\n {2}requires {3}the scope `totals:read` \(the rule of Priced\.total\)\n/,
    );
    assert.match(text, /caller {5}without a token: no token\n/);
    assert.match(text, /Not tried: 1 element\n {2}no operation reaches it:\n {4}Query\.late\n/);
    assert.match(text, /No caller reached an element over WebSocket, so its 2 operations show nothing\.\n/);
    assert.match(text, /1 way in\. Tried 2 of 3 elements with a rule/);
  });
});
