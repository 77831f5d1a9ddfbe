import assert from 'node:assert/strict';
import { hash, randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { calculateJwkThumbprint } from 'jose';
import { challenge } from '../../src/request/challenge.ts';
import type { ChallengeOptions } from '../../src/request/challenge-options.ts';
import { createContext, type PrincipalContext } from '../../src/request/context.ts';
import { noncePlugin } from '../../src/apollo/nonce.ts';
import { planPlugin } from '../../src/apollo/plan.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { createProofChecker, type ProofChecker } from '../../src/token/dpop/proof.ts';
import { memoryReplays } from '../../src/token/dpop/replays.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { issuerOf, makeKey, now, payloadOf, sign, target } from '../support/tokens.ts';

const clock = () => now * 1000;
const issuerKey = makeKey();
const clientKey = makeKey();
const metadata = 'https://api.example/.well-known/oauth-protected-resource';
const common = `realm="api", resource_metadata="${metadata}"`;
const algs = 'algs="ES256 Ed25519 EdDSA PS256 RS256"';

const guarded = createGuardedSchema({
  modules: [
    {
      name: 'test',
      typeDefs: `type Query {
        hello: String! @public
        subject: String! @auth
        closed: String! @auth(scope: "nobody:has")
      }`,
      resolvers: {
        Query: {
          hello: () => 'hello',
          subject: (_: unknown, __: unknown, { principal }: { principal: { subject: string } }) => principal.subject,
        },
      },
    },
  ],
});

const kinds = {
  plain: createProofChecker({ replays: memoryReplays({ clock }), clock }),
  withNonces: createProofChecker({
    replays: memoryReplays({ clock }),
    clock,
    nonce: { secret: Buffer.alloc(32, 7) },
  }),
  away: createProofChecker({ replays: { add: () => Promise.reject(new Error('a secret of the database')) }, clock }),
} satisfies Record<string, ProofChecker>;
type Kind = keyof typeof kinds;
const servers = new Map<Kind, { readonly url: string; readonly server: ApolloServer<PrincipalContext> }>();

before(async () => {
  for (const [kind, proofs] of Object.entries(kinds) as [Kind, ProofChecker][]) {
    const options: ChallengeOptions = { realm: 'api', resourceMetadata: metadata, proofs };
    const caller = createContext({
      verifier: createVerifier({ issuers: [issuerOf([issuerKey])], clock, proofs }),
      url: target.url,
      ...options,
    });
    const server = new ApolloServer<PrincipalContext>({
      schema: guarded.schema,
      plugins: [planPlugin(guarded, options), noncePlugin(proofs)],
    });
    const { url } = await startStandaloneServer(server, {
      listen: { host: '127.0.0.1', port: 0 },
      context: ({ req }) => caller(req),
    });
    servers.set(kind, { url, server });
  }
});
after(() => Promise.all([...servers.values()].map(({ server }) => server.stop())));

const thumbprint = await calculateJwkThumbprint(clientKey.publicJwk);
const bound = sign(issuerKey, { payload: payloadOf({ cnf: { jkt: thumbprint } }) });
const unbound = sign(issuerKey);

function proofFor(token: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const ath = hash('sha256', token, 'base64url');
  return sign(clientKey, {
    header: { typ: 'dpop+jwt', kid: undefined, jwk: clientKey.publicKey.export({ format: 'jwk' }) },
    payload: { jti: randomUUID(), htm: 'POST', htu: target.url, iat: now, ath, ...changes },
  });
}

interface Answer {
  readonly status: number;
  readonly authenticate: string | null;
  readonly nonce: string | null;
  readonly cacheControl: string | null;
  readonly retryAfter: string | null;
  readonly body: any; // any GraphQL response body, for assertions
}

async function ask(kind: Kind, query: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(servers.get(kind)?.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const header = (name: string) => response.headers.get(name);
  return {
    status: response.status,
    authenticate: header('www-authenticate'),
    nonce: header('dpop-nonce'),
    cacheControl: header('cache-control'),
    retryAfter: header('retry-after'),
    body: await response.json(),
  };
}
const proving = (token: string, proof = proofFor(token)) => ({ authorization: `DPoP ${token}`, dpop: proof });
const codeOf = ({ body }: Answer) => body.errors?.[0]?.extensions.code;

it('A-9 a bound token with its proof: its subject is calling', async () => {
  const answer = await ask('plain', '{ subject }', proving(bound));
  assert.deepEqual(answer.body, { data: { subject: 'ada' } });
  assert.equal(answer.nonce, null);
});
it('A-9 a bound token needs a new proof each time, also when the token is cached', async () => {
  const proof = proofFor(bound);
  assert.equal((await ask('plain', '{ subject }', proving(bound, proof))).status, 200);
  const again = await ask('plain', '{ subject }', proving(bound, proof));
  assert.equal(again.status, 401);
  assert.equal(codeOf(again), 'INVALID_DPOP_PROOF');
});
it('A-9 a bound token sent as Bearer is refused, cached or not, and DPoP is offered', async () => {
  const asBearer = { authorization: `Bearer ${bound}` };
  for (const answer of [
    await ask('plain', '{ hello }', asBearer),
    await ask('plain', '{ subject }', proving(bound)).then(() => ask('plain', '{ hello }', asBearer)),
  ]) {
    assert.equal(answer.status, 401);
    assert.equal(codeOf(answer), 'INVALID_TOKEN');
    assert.match(String(answer.authenticate), /^Bearer [^]*error="invalid_token"[^]*, DPoP realm="api", [^]*algs="/);
  }
});
it('A-9 a token that is not bound is refused under the DPoP scheme', async () => {
  const answer = await ask('plain', '{ hello }', proving(unbound));
  assert.equal(answer.status, 401);
  assert.equal(codeOf(answer), 'INVALID_TOKEN');
  assert.ok(answer.authenticate?.startsWith(`DPoP ${common}, ${algs}, error="invalid_token", error_description="`));
});
it('A-9 a bad proof: 401 invalid_dpop_proof in the only challenge, also for public fields, and no part of it is repeated', async () => {
  const proof = proofFor(bound, { htm: 'GET' });
  const answer = await ask('plain', '{ hello }', proving(bound, proof));
  assert.equal(answer.status, 401);
  assert.equal(codeOf(answer), 'INVALID_DPOP_PROOF');
  assert.equal(
    answer.authenticate,
    `DPoP ${common}, ${algs}, error="invalid_dpop_proof", ` +
      'error_description="The DPoP proof was refused: its method (htm) is not that of the request."',
  );
  assert.equal(answer.cacheControl, 'no-store');
  for (const part of [...proof.split('.'), ...bound.split('.')]) assert.ok(!JSON.stringify(answer).includes(part));
});
it('A-9 a bad token with a valid proof gets the error of the token, under the scheme of the request', async () => {
  const expired = sign(issuerKey, { payload: payloadOf({ exp: now - 60, cnf: { jkt: thumbprint } }) });
  const answer = await ask('plain', '{ hello }', proving(expired));
  assert.equal(codeOf(answer), 'INVALID_TOKEN');
  assert.match(String(answer.authenticate), /^DPoP [^]*error="invalid_token"/);
});
it('A-9 a proof must be for the configured URL, without regard to Host and forwarded headers', async () => {
  const forwarded = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  const elsewhere = proofFor(bound, { htu: 'https://evil.example/graphql' });
  assert.equal((await ask('plain', '{ hello }', { ...proving(bound, elsewhere), ...forwarded })).status, 401);
  assert.equal((await ask('plain', '{ hello }', { ...proving(bound), ...forwarded })).status, 200);
  const asReceived = proofFor(bound, { htu: servers.get('plain')?.url });
  assert.equal((await ask('plain', '{ hello }', proving(bound, asReceived))).status, 401);
});
it('A-9 a missing scope is reported under the scheme that was used', async () => {
  const answer = await ask('plain', '{ closed }', proving(bound));
  assert.equal(answer.status, 403);
  assert.match(String(answer.authenticate), /^DPoP [^]*error="insufficient_scope"[^]*scope="nobody:has"$/);
  const asBearer = await ask('plain', '{ closed }', { authorization: `Bearer ${unbound}` });
  assert.match(String(asBearer.authenticate), /^Bearer [^]*scope="nobody:has"$/);
});
it('A-1 without a token both schemes are offered, Bearer first, and no error', async () => {
  const answer = await ask('plain', '{ subject }');
  assert.equal(answer.status, 401);
  assert.equal(answer.authenticate, `Bearer ${common}, DPoP ${common}, ${algs}`);
});

it('A-9 nonces: the first proof is answered with a nonce, the next one has it, and every answer has the next nonce', async () => {
  const first = await ask('withNonces', '{ hello }', proving(bound));
  assert.equal(first.status, 401);
  assert.equal(codeOf(first), 'USE_DPOP_NONCE');
  assert.match(String(first.authenticate), /^DPoP [^]*error="use_dpop_nonce"/);
  assert.equal(first.cacheControl, 'no-store');
  assert.ok(first.nonce);
  const second = await ask('withNonces', '{ subject }', proving(bound, proofFor(bound, { nonce: first.nonce })));
  assert.deepEqual(second.body, { data: { subject: 'ada' } });
  assert.equal(second.nonce, first.nonce);
  assert.equal(second.cacheControl, 'no-store');
  const denied = await ask('withNonces', '{ closed }', proving(bound, proofFor(bound, { nonce: first.nonce })));
  assert.deepEqual([denied.status, denied.nonce], [403, first.nonce]);
});
it('A-9 nonces: the answer to a request with a bearer token or without a token has none', async () => {
  assert.equal((await ask('withNonces', '{ hello }')).nonce, null);
  assert.equal((await ask('withNonces', '{ subject }', { authorization: `Bearer ${unbound}` })).nonce, null);
});

it('A-9 if replays cannot be checked: 503, Retry-After, no challenge, no cause', async () => {
  const answer = await ask('away', '{ hello }', proving(bound));
  assert.equal(answer.status, 503);
  assert.equal(answer.retryAfter, '5');
  assert.equal(answer.authenticate, null);
  assert.equal(codeOf(answer), 'PROOFS_UNAVAILABLE');
  assert.ok(!JSON.stringify(answer.body).includes('secret'));
});

it('RFC 9110 §11.6.1 two challenges in one field can be separated: every parameter has a quoted value', () => {
  const field = challenge({ realm: 'a, DPoP x="', resourceMetadata: metadata, proofs: kinds.plain }, 'INVALID_TOKEN', {
    description: 'b", DPoP algs="none',
  });
  assert.equal(
    field,
    String.raw`Bearer realm="a, DPoP x=\"", resource_metadata="${metadata}", error="invalid_token", ` +
      `error_description="b', DPoP algs='none", ` +
      String.raw`DPoP realm="a, DPoP x=\"", resource_metadata="${metadata}", ${algs}`,
  );
});
