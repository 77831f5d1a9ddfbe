import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { challenge } from '../../src/request/challenge.ts';
import type { ChallengeOptions } from '../../src/request/challenge-options.ts';
import { createContext, type PrincipalContext } from '../../src/request/context.ts';
import type { IncomingRequest } from '../../src/request/incoming-request.ts';
import { toGraphQLError } from '../../src/request/graphql-error.ts';
import { ClaimgateError } from '../../src/errors.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { issuerOf, makeKey, now, payloadOf, sign, target } from '../support/tokens.ts';

const key = makeKey();
const away = 'https://away.example';
const verifier = createVerifier({
  issuers: [
    issuerOf([key]),
    issuerOf([key], {
      issuer: away,
      primary: false,
      keys: {
        has: () => false,
        find: () =>
          Promise.reject(new ClaimgateError('KEYS_UNAVAILABLE', 'The keys are away.', { cause: new Error('secret') })),
      },
    }),
  ],
  clock: () => now * 1000,
});
const room: ChallengeOptions = {
  realm: 'api',
  resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource',
};
const bare = `Bearer realm="api", resource_metadata="${room.resourceMetadata}"`;

const server = new ApolloServer<PrincipalContext>({
  typeDefs: 'type Query { hello: String! subject: String guarded: String }',
  resolvers: {
    Query: {
      hello: () => 'hello',
      subject: (_, __, { principal }) => (principal.kind === 'anonymous' ? null : principal.subject),
      guarded() {
        throw toGraphQLError(new ClaimgateError('UNAUTHENTICATED', 'Sign in.'), room);
      },
    },
  },
});
let url = '';
before(async () => {
  const context = createContext({ remedy: 'Get a new one where you got this.', verifier, url: target.url, ...room });
  const started = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: ({ req }) => context(req),
  });
  url = started.url;
});
after(() => server.stop());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: any; // any GraphQL response body, for assertions
}

/** Posts a query with raw headers, because one header may occur twice. */
function ask(query: string, headers: readonly string[] = []): Promise<Answer> {
  const body = JSON.stringify({ query });
  const raw = [
    'Host',
    new URL(url).host,
    'Content-Type',
    'application/json',
    'Content-Length',
    String(body.length),
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const posted = request(url, { method: 'POST', headers: raw }, (response) => {
      const { statusCode: status, headers } = response;
      text(response).then((body) => resolve({ status, headers, body: JSON.parse(body) }), reject);
    });
    posted.on('error', reject).end(body);
  });
}
const bearing = (token: string) => ['Authorization', `Bearer ${token}`];

it('A-1 without a token, public fields work and the caller is anonymous', async () => {
  const { status, headers, body } = await ask('{ hello subject }');
  assert.equal(status, 200);
  assert.deepEqual(body.data, { hello: 'hello', subject: null });
  assert.equal(headers['www-authenticate'], undefined);
});
it('A-1 a guarded operation without a token: 401, and a challenge without error', async () => {
  const { status, headers, body } = await ask('{ guarded }');
  assert.equal(status, 401);
  assert.equal(headers['www-authenticate'], bare);
  assert.equal(body.errors[0].extensions.code, 'UNAUTHENTICATED');
});
it('a valid token: its subject is the caller', async () => {
  const { status, body } = await ask('{ subject }', bearing(sign(key)));
  assert.equal(status, 200);
  assert.deepEqual(body.data, { subject: 'ada' });
});

const bad: Readonly<Record<string, string>> = {
  expired: sign(key, { payload: payloadOf({ exp: now - 60 }) }),
  unsigned: `${sign(key).split('.', 2).join('.')}.`,
  'of another issuer': sign(key, { payload: payloadOf({ iss: 'https://evil.example' }) }),
  'that is none': 'none',
};
for (const [what, token] of Object.entries(bad)) {
  it(`A-2 a token ${what}: 401 invalid_token, also for public fields`, async () => {
    const answer = await ask('{ hello }', bearing(token));
    assert.equal(answer.status, 401);
    const authenticate = String(answer.headers['www-authenticate']);
    assert.ok(
      authenticate.startsWith(`${bare}, error="invalid_token", error_description="The access token was refused: `),
    );
    assert.equal(answer.headers['cache-control'], 'no-store');
    const [error] = answer.body.errors;
    assert.equal(error.extensions.code, 'INVALID_TOKEN');
    assert.equal(answer.body.data, undefined);
    for (const segment of token.split('.')) assert.ok(segment.length < 8 || !JSON.stringify(answer).includes(segment));
  });
}
it('C-18 the refusal has the advice that the server configured', async () => {
  const { body } = await ask('{ hello }', bearing('stale'));
  assert.match(body.errors[0].message, / Get a new one where you got this\.$/);
});

// Each platform passes a request of another shape. Reported for graphql-yoga#163, graphql-auth-directives#4,
// apollo-server#7131 and ttoss#1089.
const caller = createContext({ verifier, url: target.url, ...room });
const authorization = `Bearer ${sign(key)}`;
const lines = ['Authorization', authorization];
const fetched = new Request(target.url, { method: 'POST', headers: { authorization } });
const shapes: Readonly<Record<string, readonly [request: unknown, fault: RegExp]>> = {
  'no request': [undefined, /found undefined$/],
  null: [null, /found null$/],
  'the argument of Apollo Server': [{ req: { rawHeaders: lines }, res: {} }, /give its member req$/],
  'a request of Fastify': [{ raw: { rawHeaders: lines }, headers: { authorization } }, /give its member raw$/],
  'a context of Koa': [{ request: {}, req: { rawHeaders: lines } }, /give its member req$/],
  'an event of AWS Lambda': [
    { headers: { Authorization: authorization } },
    /found headers by name, .* sent twice: give/,
  ],
  'an adapter without header lines': [
    { rawHeaders: [], headers: { authorization } },
    /found authorization in its headers/,
  ],
  'a middleware that adds a header': [
    { rawHeaders: ['Host', 'x'], headers: { host: 'x', dpop: 'x' } },
    /found dpop in/,
  ],
  'header lines in pairs': [{ rawHeaders: [lines] }, /not an array of texts: name, value, name, value$/],
  'something else': [{ url: '/' }, /found an object without them$/],
};
for (const [what, [given, fault]] of Object.entries(shapes)) {
  it(`a request of another shape is an error with advice: ${what}`, async () => {
    await assert.rejects(caller(given as IncomingRequest), (error) => {
      assert.ok(error instanceof TypeError);
      assert.match(
        error.message,
        /^createContext: expected a Request of the Fetch API, or a request with rawHeaders, such as Node's IncomingMessage; /,
      );
      assert.match(error.message, fault);
      assert.ok(!error.message.includes('eyJ'));
      return true;
    });
  });
}
it('a Request of the Fetch API is read, and a credential that was sent twice is refused', async () => {
  assert.equal((await caller(fetched)).principal.kind, 'account');
  const twice = new Request(target.url, {
    headers: lines.map((): [string, string] => ['authorization', authorization]),
  });
  await assert.rejects(caller(twice), /more than one credential/);
});

const malformed: Readonly<Record<string, readonly string[]>> = {
  'two Authorization headers': [...bearing(sign(key)), ...bearing(sign(key))],
  Basic: ['Authorization', 'Basic YTpi'],
  'a DPoP proof with a bearer token': [...bearing(sign(key)), 'DPoP', 'a.b.c'],
  'a scheme without token': ['Authorization', 'Bearer'],
  'the DPoP scheme without a proof': ['Authorization', `DPoP ${sign(key)}`],
  'two DPoP proofs': ['Authorization', `DPoP ${sign(key)}`, 'DPoP', 'a.b.c', 'DPoP', 'a.b.c'],
};
for (const [what, headers] of Object.entries(malformed)) {
  it(`A-3 ${what}: 400 invalid_request`, async () => {
    const answer = await ask('{ hello }', headers);
    assert.equal(answer.status, 400);
    assert.match(String(answer.headers['www-authenticate']), /^Bearer realm="api", .*, error="invalid_request"/);
    assert.equal(answer.body.errors[0].extensions.code, 'INVALID_REQUEST');
  });
}
it('A-9 without a proof checker, the DPoP scheme is refused, and not offered', async () => {
  const answer = await ask('{ hello }', ['Authorization', `DPoP ${sign(key)}`, 'DPoP', 'a.b.c']);
  assert.equal(answer.status, 401);
  assert.match(String(answer.headers['www-authenticate']), /^Bearer [^]*error="invalid_token"(?![^]*DPoP algs)/);
  assert.equal(answer.headers['dpop-nonce'], undefined);
});
it('A-3 a token in the query string is ignored', async () => {
  const asked = new URL(url);
  asked.searchParams.set('access_token', sign(key));
  asked.searchParams.set('query', '{ subject }');
  const response = await fetch(asked, { headers: { 'apollo-require-preflight': '1' } });
  assert.deepEqual(await response.json(), { data: { subject: null } });
});

it('A-12 no keys to verify with: 503, Retry-After, no challenge, and no cause', async () => {
  const answer = await ask('{ hello }', bearing(sign(key, { payload: payloadOf({ iss: away }) })));
  assert.equal(answer.status, 503);
  assert.equal(answer.headers['retry-after'], '5');
  assert.equal(answer.headers['www-authenticate'], undefined);
  assert.equal(answer.body.errors[0].extensions.code, 'KEYS_UNAVAILABLE');
  assert.ok(!JSON.stringify(answer.body).includes('secret'));
});
it('A-14 two callers, one after the other: each gets their own principal', async () => {
  const eve = sign(key, { payload: payloadOf({ sub: 'eve' }) });
  const asked = [
    await ask('{ subject }', bearing(sign(key))),
    await ask('{ subject }', bearing(eve)),
    await ask('{ subject }'),
  ];
  assert.deepEqual(
    asked.map(({ body }) => body.data.subject),
    ['ada', 'eve', null],
  );
});

it('an error of one field among others sets no HTTP status', () => {
  const error = new ClaimgateError('FORBIDDEN', 'No.', {
    evidence: { coordinate: 'A.b', requiredScopes: ['a'], challengeScope: 'a' },
    cause: new Error('secret'),
  });
  const expected = { code: 'FORBIDDEN', coordinate: 'A.b', requiredScopes: ['a'] };
  assert.deepEqual(toGraphQLError(error).extensions, expected);
  const { http, ...rest } = toGraphQLError(error, room).extensions as any;
  assert.deepEqual(rest, expected);
  assert.equal(http.status, 403);
  assert.equal(
    http.headers.get('www-authenticate'),
    `${bare}, error="insufficient_scope", error_description="No.", scope="a"`,
  );
});
it('RFC 9110 §5.6.4, RFC 6750 §3 no value can end a challenge early', () => {
  const hostile = 'a"b\\c\r\nd\u0000ä€';
  assert.equal(
    challenge({ realm: hostile, resourceMetadata: 'm' }, 'FORBIDDEN', { scope: hostile, description: hostile }),
    String.raw`Bearer realm="a\"b\\cd", resource_metadata="m", error="insufficient_scope", error_description="a'bcd", scope="a'bcd"`,
  );
  assert.equal(
    challenge(room, 'UNAUTHENTICATED', { acrValues: ['"myACR"', 'two'], maxAgeSeconds: 5 }),
    `${bare}, acr_values="'myACR' two", max_age="5"`,
  );
  assert.equal(challenge(room, 'KEYS_UNAVAILABLE'), undefined);
  assert.equal(challenge(room, 'UNAUTHENTICATED', { description: 'left out' }), bare);
});
