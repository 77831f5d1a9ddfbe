import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ApolloServer } from '@apollo/server';
import * as fc from 'fast-check';
import { GraphQLError, GraphQLScalarType } from 'graphql';
import type { ApiContext } from '../../../../src/api/request/context.ts';
import { defineModule } from '../../../../src/api/module.ts';
import { formatError } from '../../../../src/api/operation/operation.ts';
import { ClaimgateError } from '../../../../src/errors.ts';
import { nobody, openApi, policy, stepsOf } from '../../fixture.ts';

let thrown: unknown;
const shop = defineModule({
  name: 'shop',
  typeDefs: `
    type Query { buy(pin: Pin, count: Int! = 1): Int @public  sell(day: DateTime): String @public  broken: Int @public }
    scalar Pin
  `,
  resolvers: {
    Pin: new GraphQLScalarType({
      name: 'Pin',
      parseValue(value) {
        throw new Error(`No such PIN: ${String(value)}`);
      },
    }),
    Query: {
      buy() {
        throw thrown;
      },
      sell: (_query, { day }) => day,
      broken: () => 's3cret',
    },
  },
});
const openShop = (t: TestContext) => openApi(t, { modules: [shop] });

describe('an error of a resolver', () => {
  const hidden: Record<string, unknown> = {
    'an Error': new Error('the password is s3cret'),
    'an error of a library with a code': Object.assign(new Error('s3cret'), { code: 'ECONNREFUSED' }),
    'a GraphQLError without a code': new GraphQLError('s3cret'),
    'a syntax error of its own': new GraphQLError('Syntax Error: Unexpected Name "s3cret".'),
    'an Error that looks like the caller’s': new Error('Argument "pin" has invalid value s3cret.'),
    'a string': 's3cret',
    'an object': { s3cret: true },
  };
  for (const [name, value] of Object.entries(hidden)) {
    it(`that is ${name} is answered without its message`, async (t) => {
      const { ask } = await openShop(t);
      thrown = value;
      const { errors } = await ask(nobody, '{ buy }');
      assert.deepEqual(errors, [
        {
          message: 'Internal server error',
          locations: [{ line: 1, column: 3 }],
          path: ['buy'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ]);
    });
  }

  it('with a code keeps its code and message', async (t) => {
    const { ask } = await openShop(t);
    thrown = new GraphQLError('Sold out', { extensions: { code: 'SOLD_OUT', left: 0 } });
    const { errors } = await ask(nobody, '{ buy }');
    assert.equal(errors[0]?.message, 'Sold out');
    assert.deepEqual(errors[0]?.extensions, { code: 'SOLD_OUT', left: 0 });
  });

  it('of Claimgate has its code and its evidence, and not its cause', async (t) => {
    const { ask } = await openShop(t);
    thrown = new ClaimgateError('NOT_FOUND', 'No such thing.', {
      evidence: { coordinate: 'Query.buy', challengeScope: 'a b' },
      cause: new Error('s3cret'),
    });
    const { errors } = await ask(nobody, '{ buy }');
    assert.equal(errors[0]?.message, 'No such thing.');
    assert.deepEqual(errors[0]?.extensions, { code: 'NOT_FOUND', coordinate: 'Query.buy' });
  });

  it('of serialization is a fault of the server', async (t) => {
    const { ask } = await openShop(t);
    const { errors } = await ask(nobody, '{ broken }');
    assert.equal(errors[0]?.message, 'Internal server error');
    assert.deepEqual(errors[0]?.extensions, { code: 'INTERNAL_SERVER_ERROR' });
  });
});

it('a stack trace is never answered, and no content of a thrown value that is not an error', () => {
  const formatted = { message: 's3cret', extensions: { code: 'SOLD_OUT', stacktrace: ['s3cret'] } };
  const error = new GraphQLError('Sold out', { extensions: { code: 'SOLD_OUT' } });
  assert.deepEqual(formatError(formatted, error), { message: 'Sold out', extensions: { code: 'SOLD_OUT' } });
  for (const strange of [null, undefined, 's3cret', 7, {}]) {
    assert.doesNotMatch(JSON.stringify(formatError(formatted, strange)), /s3cret/);
  }
});

describe('C-8 an error repeats no value of the request', () => {
  const exchange = `mutation ($input: ExchangeAuthorizationCodeInput!) {
    exchangeAuthorizationCode(input: $input) { __typename } }`;

  it('but states its place and what was expected', async (t) => {
    const { ask } = await openShop(t);
    const cases: [string, Record<string, unknown>, string][] = [
      [
        exchange,
        { input: { client: { clientId: 'c', code: ['s3cret'], codeVerifier: 's3cret', redirectUri: 'r' } } },
        'Variable "$input" has an invalid value at "input.client.code": String cannot represent a non string value.',
      ],
      [
        exchange,
        { input: { client: { clientId: 'c', code: 's3cret' } } },
        'Variable "$input" has an invalid value at "input.client": Field "codeVerifier" of required type "String!" was not provided.',
      ],
      [
        exchange,
        { input: 's3cret' },
        'Variable "$input" has an invalid value: Expected type "ExchangeAuthorizationCodeInput" to be an object.',
      ],
      [
        exchange,
        { input: { client: null } },
        'Variable "$input" has an invalid value at "input.client": Field "client" must be non-null.',
      ],
      [
        exchange,
        { input: {} },
        'Variable "$input" has an invalid value: Exactly one key must be specified for OneOf type "ExchangeAuthorizationCodeInput".',
      ],
      [exchange, {}, 'Variable "$input" of required type "ExchangeAuthorizationCodeInput!" was not provided.'],
      ['{ buy(count: "s3cret") }', {}, 'Int cannot represent non-integer value.'],
      ['query ($c: Int) { buy(count: $c) }', { c: null }, 'Argument "count" of non-null type "Int!" must not be null.'],
      ['{ sell(day: "s3cret") }', {}, 'DateTime cannot represent a value that is not in the format of RFC 3339.'],
      ['{ buy(pin: "s3cret" }', {}, 'Syntax Error: Expected Name, found "}".'],
      ['{ buy(pin "s3cret") }', {}, 'Syntax Error: Expected ":", found String.'],
      ['{ buy(pin: "s3cret) }', {}, 'Syntax Error.'],
    ];
    for (const [query, variables, message] of cases) {
      const answer = await ask(nobody, query, variables);
      assert.equal(answer.errors[0]?.message, message);
      assert.doesNotMatch(JSON.stringify(answer), /s3cret/);
    }
  });

  it('C-8 for any malformed request (property)', async (t) => {
    const { ask } = await openShop(t);
    const secret = fc
      .array(fc.constantFrom(...Array.from('abcXYZ019-._~"\\ {}[]():;@$!\n\'`é')), { minLength: 12, maxLength: 60 })
      .map((characters) => `s3cret${characters.join('')}`)
      .filter((text) => !text.includes('"""'));
    const wrongly = (value: string) =>
      fc.constantFrom<unknown>(
        [value],
        { value },
        { [value]: value },
        [[{ deep: value }]],
        { client: value },
        { client: [value, value] },
        { client: { code: { value }, clientId: value, codeVerifier: [value], redirectUri: 1 } },
        { client: { code: value, [value]: value } },
        { client: { clientId: [value], at: value }, connection: value },
        value,
      );
    const documents = (value: string): readonly string[] => {
      const literal = JSON.stringify(value);
      const call = (input: string) => `mutation { exchangeAuthorizationCode(input: ${input}) { __typename } }`;
      return [
        call(literal),
        call(`[${literal}]`),
        call(`{ client: ${literal} }`),
        call(`{ client: { code: [${literal}], clientId: { a: ${literal} } } }`),
        call(`{ client: { code: ${literal}, cod: ${literal} } }`),
        call(`{ client: { code: ${literal} ${literal} } }`),
        call(`{ client: { code: "${value} } }`),
        call(`{ client: { code: ${value} } }`),
        call(`{ client: { code: """${value}""" """${value}""" } }`),
        `mutation ($x: ClientExchangeInput = ${literal}) { exchangeAuthorizationCode(input: { client: $x }) { __typename } }`,
        `mutation ($x: String = ${literal}, $y: Int = ${literal}) { __typename }`,
        `{ buy(count: ${literal}, pin: ${literal}) sell(day: ${literal}) }`,
        `{ buy @include(if: ${literal}) }`,
        `${literal} { buy }`,
        `{ buy } ${literal}`,
        `query (${literal}) { buy }`,
      ];
    };
    const echoes = (text: string, value: string) =>
      [value, JSON.stringify(value).slice(1, -1), value.slice(0, 12)].some((form) => text.includes(form));

    await fc.assert(
      fc.asyncProperty(
        secret.chain((value) => fc.tuple(fc.constant(value), wrongly(value), fc.constantFrom(...documents(value)))),
        async ([value, variable, document]) => {
          for (const answer of [await ask(nobody, exchange, { input: variable }), await ask(nobody, document)]) {
            for (const { message, extensions } of answer.errors) {
              assert.ok(!echoes(message, value), message);
              assert.ok(!echoes(JSON.stringify(extensions), value));
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

it('C-8 the message of a scalar about a literal is not passed on', () => {
  const inner = new GraphQLError('No such PIN: s3cret', { extensions: { code: 'PIN' } });
  const outer = new GraphQLError(inner.message, {
    originalError: inner,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
  assert.deepEqual(formatError(outer.toJSON(), outer), {
    message: 'The value is not of the expected type.',
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
});

describe('under Apollo Server', () => {
  async function askApollo(t: TestContext, query: string, variables: Record<string, unknown> = {}) {
    const { schema } = await openShop(t);
    const server = new ApolloServer<ApiContext>({
      schema,
      validationRules: [...stepsOf(policy).validationRules],
      formatError,
      includeStacktraceInErrorResponses: true,
    });
    const contextValue = { principal: nobody, address: '192.0.2.1' };
    const { body } = await server.executeOperation({ query, variables }, { contextValue });
    return body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  }

  const revoke = 'mutation ($i: RevokeTokenInput!) { revokeToken(input: $i) { error { error } } }';
  const cases: Record<string, [string, Record<string, unknown>, string, string]> = {
    'a secret in the query text keeps its code': [
      'mutation { revokeToken(input: { clientId: "c", token: "s3cret" }) { error { error } } }',
      {},
      'SENSITIVE_LITERAL',
      '"token" is a secret: pass it as a variable without a default, never in the query text.',
    ],
    'a second token mutation keeps its code': [
      'mutation ($i: RevokeTokenInput!) { a: revokeToken(input: $i) { __typename } b: revokeToken(input: $i) { __typename } }',
      { i: { clientId: 'c', token: 's3cret' } },
      'TOKEN_MUTATION_LIMIT',
      'An operation may hold one token mutation, and this one holds more.',
    ],
    'a variable': [
      revoke,
      { i: { clientId: 'c', token: ['s3cret'] } },
      'BAD_USER_INPUT',
      'Variable "$i" has an invalid value at "i.token": String cannot represent a non string value.',
    ],
    'a variable of a scalar that throws any value': [
      'query ($p: Pin) { buy(pin: $p) }',
      { p: 's3cret' },
      'BAD_USER_INPUT',
      'Variable "$p" has an invalid value: Expected type "Pin".',
    ],
    'a literal of a scalar that throws any value': [
      '{ buy(pin: "s3cret") }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      'Expected value of type "Pin".',
    ],
    'a syntax error': [
      '{ buy(pin "s3cret") }',
      {},
      'GRAPHQL_PARSE_FAILED',
      'Syntax Error: Expected ":", found String.',
    ],
    'an unknown field is named': [
      '{ nothing }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "nothing" on type "Query".',
    ],
    'an argument of null': [
      'query ($c: Int) { buy(count: $c) }',
      { c: null },
      'BAD_USER_INPUT',
      'Argument "count" of non-null type "Int!" must not be null.',
    ],
    'a fault': ['{ buy }', {}, 'INTERNAL_SERVER_ERROR', 'Internal server error'],
  };
  for (const [name, [query, variables, code, message]] of Object.entries(cases)) {
    it(name, async (t) => {
      thrown = new Error('s3cret');
      const [error] = await askApollo(t, query, variables);
      assert.equal(error?.message, message);
      assert.equal(error?.extensions?.['code'], code);
      assert.doesNotMatch(JSON.stringify(error), /s3cret|stacktrace/);
    });
  }
});
