import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { graphql, parse, specifiedRules, validate } from 'graphql';
import type { OperationExplanation } from '../../../src/auth/explain/explanation.ts';
import { formatErrorFor, operationSteps } from '../../../src/api/operation/operation.ts';
import type { Principal } from '../../../src/principal.ts';
import { nobody, person } from '../fixture.ts';
import { explainQuery, openShop } from './world.ts';

/** Makes the function that asks for an explanation, with every step of an outer operation. */
export function asking(shop = openShop(), query = explainQuery()) {
  const { guarded, policy } = shop;
  const { schema } = guarded;
  const { validationRules, parseOptions } = operationSteps('single', policy, guarded);
  return async (
    variables: { readonly document: string; readonly operationName?: string; readonly variables?: string },
    principal: Principal = nobody,
    source = query,
  ): Promise<OperationExplanation> => {
    const faults = validate(schema, parse(source, parseOptions), [...specifiedRules, ...validationRules]);
    assert.deepEqual(faults, []);
    const contextValue = { principal, address: '192.0.2.1' };
    const { data, errors } = await graphql({ schema, source, variableValues: variables, contextValue });
    assert.equal(errors, undefined);
    return JSON.parse(JSON.stringify(data))['explainOperation'];
  };
}

describe('a document that explainOperation cannot explain', () => {
  const ask = asking();
  const cases: Readonly<
    Record<string, readonly [document: string, code: string, line: number | null, column: number | null]>
  > = {
    'does not parse yet': ['{\n  items { ', 'GRAPHQL_PARSE_FAILED', 2, 11],
    'is empty': ['', 'GRAPHQL_PARSE_FAILED', 1, 1],
    'selects a field that does not exist': ['{\n  itms { id }\n}', 'GRAPHQL_VALIDATION_FAILED', 2, 3],
    'has a secret as a literal': ['{ item(code: "s3cret") { id } }', 'SENSITIVE_LITERAL', 1, 8],
    'has no operation': ['fragment f on Book { id } { ...f } { open }', 'GRAPHQL_VALIDATION_FAILED', 1, 27],
    'is too deep': [`{ ${'again { '.repeat(16)} open ${'}'.repeat(17)}`, 'LIMIT_EXCEEDED', null, null],
    'has too many aliases': [
      `{ ${Array.from({ length: 60 }, (_, at) => `a${at}: open`).join(' ')} }`,
      'LIMIT_EXCEEDED',
      null,
      null,
    ],
    'has too many tokens': [`{ ${'open '.repeat(4_000)} }`, 'LIMIT_EXCEEDED', 1, 19_768],
    'explains twice': [
      '{ a: explainOperation(document: "") { code } b: explainOperation(document: "") { code } }',
      'LIMIT_EXCEEDED',
      1,
      1,
    ],
    'defines a type': ['type T { a: Int }', 'GRAPHQL_VALIDATION_FAILED', 1, 1],
  };
  for (const [title, [document, code, line, column]] of Object.entries(cases)) {
    it(`has its fault as data, with its place, if it ${title}`, async () => {
      const { outcome, code: found, faults, elements, missing } = await ask({ document });
      assert.deepEqual([outcome, found, elements, missing], ['REFUSED', code, [], null]);
      const [fault] = faults;
      assert.equal(fault?.code, code);
      if (title !== 'has too many tokens') assert.deepEqual([fault?.line, fault?.column], [line, column]);
      assert.doesNotMatch(JSON.stringify(faults), /s3cret/);
    });
  }

  it('has the message that the same fault of an outer document has', async () => {
    const { guarded, policy } = openShop();
    const document = '{ itms { id } items(filtr: 1) { idd } }';
    const { faults } = await ask({ document });
    const outer = validate(guarded.schema, parse(document)).map(
      (error) => formatErrorFor(policy)(error.toJSON(), error).message,
    );
    assert.deepEqual(
      faults.map(({ message }) => message),
      outer,
    );
  });

  it('names an operation that the document does not have', async () => {
    const { code, faults } = await ask({ document: 'query A { open } query B { open }', operationName: 'C' });
    assert.deepEqual([code, faults[0]?.message], ['OPERATION_RESOLUTION_FAILURE', 'Unknown operation named "C".']);
    const { operationName, outcome } = await ask({
      document: 'query A { open } query B { items { id } }',
      operationName: 'A',
    });
    assert.deepEqual([operationName, outcome], ['A', 'RUNS']);
  });
});

describe('the kinds of operations', () => {
  const ask = asking();

  it('explains mutations and subscriptions', async () => {
    const change = await ask({ document: 'mutation { change }' }, person('1'));
    assert.deepEqual([change.outcome, change.code], ['REFUSED', 'FORBIDDEN']);
    assert.deepEqual(change.missing, {
      token: false,
      scopes: [],
      claims: ['role'],
      account: false,
      maxAge: null,
      acr: null,
    });
    const ticks = await ask({ document: 'subscription { ticks }' }, person('1'));
    assert.deepEqual([ticks.outcome, ticks.code, ticks.missing?.acr], ['REFUSED', 'STEP_UP_REQUIRED', ['gold']]);
  });

  it('plans an inner explanation like any field, and runs nothing', async () => {
    const document = '{ explainOperation(document: "{ items { id } }") { outcome } items { id } }';
    const { outcome, elements } = await ask({ document });
    assert.deepEqual(
      [outcome, elements.map(({ coordinate }) => coordinate)],
      ['RUNS_IN_PART', ['Query.items', 'Item', 'Book']],
    );
  });

  it('shows SHADOW rules, and counts them nowhere', async () => {
    const document = '{ items { ... on Disc { price } } }';
    const { outcome, elements, leastScopes, missing } = await ask({ document }, person('1', 'profile'));
    assert.deepEqual([outcome, leastScopes, missing], ['RUNS', [[]], null]);
    const shadow = elements.find(({ coordinate }) => coordinate === 'Disc.price');
    assert.deepEqual(
      [shadow?.decision, shadow?.rules.map((rule) => [rule.decision, rule.shadow])],
      ['ALLOW', [['DENY', true]]],
    );
  });
});

describe('the variables of an explained operation', () => {
  const ask = asking();
  const document = 'query ($f: Filter) { items(filter: $f) { id } }';

  it('are a JSON object in a string', async () => {
    const { outcome, elements } = await ask(
      { document, variables: ' {"f": {"secret": "s3cret"}} ' },
      person('1', 'profile'),
    );
    assert.equal(outcome, 'DEPENDS');
    assert.ok(elements.some(({ coordinate }) => coordinate === 'Filter.secret'));
  });

  const deep = (levels: number) => `{"f":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const wrong: Readonly<Record<string, string>> = {
    'are not JSON': '{"f": s3cret}',
    'are a list': '["s3cret"]',
    'are null': 'null',
    'are a string': '"s3cret"',
    'are empty': '',
    'have a name twice': '{"f": {"secret": "s3cret"}, "f": null}',
    'are 200 levels deep': deep(200),
    'are 100,000 levels deep': deep(100_000),
    'have a byte order mark': '\uFEFF{}',
  };
  for (const [title, variables] of Object.entries(wrong)) {
    it(`have their fault as data if they ${title}`, async () => {
      const { outcome, code, faults, elements } = await ask({ document, variables });
      assert.deepEqual([outcome, code, elements], ['REFUSED', 'BAD_USER_INPUT', []]);
      assert.match(faults[0]?.message ?? '', /^variables: expected a JSON object in a string/);
      assert.doesNotMatch(JSON.stringify(faults), /s3cret/);
    });
  }

  it('have their fault as data if one is not of its type, beside the elements', async () => {
    const { outcome, code, faults, elements } = await ask(
      { document, variables: '{"f": {"size": "s3cret"}}' },
      person('1'),
    );
    assert.deepEqual([outcome, code], ['REFUSED', 'BAD_USER_INPUT']);
    assert.deepEqual(faults, [
      { message: 'The variable "$f" is not of its type. Send a value of its type.', code, line: 1, column: 8 },
    ]);
    assert.deepEqual(elements[0]?.coordinate, 'Query.items');
  });

  it('are too deep for the limit inputDepth', async () => {
    const { code, faults } = await ask({ document, variables: deep(62) });
    assert.deepEqual([code, faults.map(({ code: each }) => each)], ['LIMIT_EXCEEDED', ['LIMIT_EXCEEDED']]);
  });
});

describe('the size of an explained document', () => {
  it('counts against the limit of tokens of the outer one', async () => {
    const query = '{ explainOperation(document: "{ open }") { outcome code } }'; // 12 tokens
    const ask = asking(openShop({ limits: { tokens: 100 } }), query);
    const codeOf = async (tokens: number) => {
      const document = `{ items { ${'id '.repeat(tokens - 5)}} }`;
      return (await ask({ document: '' }, nobody, query.replace('{ open }', document))).code;
    };
    assert.deepEqual([await codeOf(88), await codeOf(89)], ['UNAUTHENTICATED', 'LIMIT_EXCEEDED']);
  });
});
