// DPoP (RFC 9449) against the real server, with tokens of a real issuer and proofs of openid-client.
import assert from 'node:assert/strict';
import { hash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { calculateJwkThumbprint, decodeJwt } from 'jose';
import * as client from 'openid-client';
import { noncePlugin } from '../../src/apollo.ts';
import {
  createContext,
  createProofChecker,
  createVerifier,
  memoryReplays,
  type PrincipalContext,
  remoteKeys,
} from '../../src/index.ts';
import { getTokens, type RunningIssuer, startIssuer } from '../support/issuer.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';
import { makeKey, sign, type TestKey } from '../support/tokens.ts';
import { assertRefusesToStart } from './refuses-to-start.ts';

const audience = 'https://api.example/graphql';
const subject = '{ viewer { subject } }';
const key = makeKey();

let issuer: RunningIssuer;
let config: client.Configuration;
let proofs: client.DPoPHandle;
let bound: string;
let server: TestServer;
/** Another process on the same database, behind the same public URL. */
let replica: TestServer;
/** The URL of the API endpoint, as clients see it. */
let endpoint: string;

before(async () => {
  issuer = await startIssuer({ audience });
  const env = { CLAIMGATE_ISSUER: issuer.issuer, CLAIMGATE_AUDIENCE: audience };
  server = await startTestServer({ env });
  replica = await startTestServer({ env, beside: server });
  endpoint = `${server.url}/graphql`;
  config = await client.discovery(new URL(issuer.issuer), issuer.clientId, {}, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  proofs = client.getDPoPHandle(config, await keyPair(key));
  bound = (await getTokens(issuer, 'profile', 'ada', proofs)).access_token;
});
after(async () => {
  await replica?.dispose();
  await server?.dispose();
  await issuer?.stop();
});

/** Returns the key in the form that openid-client takes. The tests can sign invalid proofs with the same key. */
async function keyPair({ publicKey, privateKey }: TestKey): Promise<client.CryptoKeyPair> {
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    publicKey: publicKey.toCryptoKey(ecdsa, true, ['verify']),
    privateKey: privateKey.toCryptoKey(ecdsa, false, ['sign']),
  };
}

/** Works like openid-client: each request has a new proof, and is repeated once if the server requires a nonce. */
function fetchWithProof(url: string, query: string): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  return client.fetchProtectedResource(config, bound, new URL(url), 'POST', JSON.stringify({ query }), headers, {
    DPoP: proofs,
  });
}

type Members = Readonly<Record<string, unknown>>;
interface Changes {
  readonly header?: Members;
  readonly payload?: Members;
}

/** Makes a valid proof, with changes. */
function proofOf({ header = {}, payload = {} }: Changes = {}, signer: TestKey = key): string {
  return sign(signer, {
    header: { typ: 'dpop+jwt', kid: undefined, jwk: signer.publicKey.export({ format: 'jwk' }), ...header },
    payload: {
      jti: randomUUID(),
      htm: 'POST',
      htu: endpoint,
      iat: Math.floor(Date.now() / 1000),
      ath: hash('sha256', bound, 'base64url'),
      ...payload,
    },
  });
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: any; // any GraphQL response body, for assertions
}

/** Sends a request with raw headers, because one header may occur twice. */
function ask(raw: readonly string[], { method = 'POST', search = '', at = server } = {}): Promise<Answer> {
  const body = method === 'POST' ? JSON.stringify({ query: subject }) : '';
  const length = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  const headers = ['Host', new URL(endpoint).host, ...length, ...raw];
  return new Promise((resolve, reject) => {
    const asked = request(`${at.url}/graphql${search}`, { method, headers }, (response) => {
      const { statusCode: status, headers } = response;
      json(response).then((body) => resolve({ status, headers, body }), reject);
    });
    asked.on('error', reject).end(body);
  });
}
const proving = (proof: string) => ['Authorization', `DPoP ${bound}`, 'DPoP', proof];

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.body.errors?.[0]?.extensions.code, code, JSON.stringify(answer.body));
  assert.equal(answer.status, status);
  assert.equal(answer.body.data, undefined);
  assert.equal(answer.headers['cache-control'], 'no-store');
}

describe('A-9 DPoP at the API', () => {
  it('the issuer binds its token to the key, and openid-client gets data with it repeatedly', async () => {
    assert.deepEqual(decodeJwt(bound).cnf, { jkt: await calculateJwkThumbprint(key.publicJwk) });
    for (let time = 0; time < 3; time++) {
      const response = await fetchWithProof(endpoint, subject);
      assert.deepEqual(await response.json(), { data: { viewer: { subject: 'ada' } } });
      assert.equal(response.headers.get('vary'), 'Authorization, DPoP, Origin, Accept');
    }
  });
  it('a valid proof made by hand is accepted, so the changes below are the reason for refusals', async () => {
    assert.equal((await ask(proving(proofOf()))).status, 200);
  });
  it('a GET needs a proof for GET, and its query is not part of htu', async () => {
    const search = `?query=${encodeURIComponent(subject)}`;
    const headers = [...proving(proofOf({ payload: { htm: 'GET' } })), 'apollo-require-preflight', '1'];
    assert.equal((await ask(headers, { method: 'GET', search })).status, 200);
  });
  it('the bound token as Bearer: 401, and the answer offers DPoP', async () => {
    const answer = await ask(['Authorization', `Bearer ${bound}`]);
    assertRefused(answer, 401, 'INVALID_TOKEN');
    assert.match(String(answer.headers['www-authenticate']), /^Bearer [^]*error="invalid_token"[^]*, DPoP /);
  });
  it('a token that is bound to nothing, under the DPoP scheme: 401', async () => {
    const { access_token: unbound } = await getTokens(issuer, 'profile');
    const proof = proofOf({ payload: { ath: hash('sha256', unbound, 'base64url') } });
    assertRefused(await ask(['Authorization', `DPoP ${unbound}`, 'DPoP', proof]), 401, 'INVALID_TOKEN');
    assert.equal((await ask(['Authorization', `Bearer ${unbound}`])).status, 200);
  });
  it('another caller with their own key: 401', async () => {
    const answer = await ask(proving(proofOf({}, makeKey())));
    assertRefused(answer, 401, 'INVALID_DPOP_PROOF');
  });

  for (const [what, headersOf] of Object.entries({
    'two proofs': (proof: string) => [...proving(proof), 'DPoP', proofOf()],
    'one proof twice': (proof: string) => [...proving(proof), 'dpop', proof],
    'two proofs in one header': (proof: string) => proving(`${proof}, ${proofOf()}`),
    'a proof with a Bearer token': (proof: string) => ['Authorization', `Bearer ${bound}`, 'DPoP', proof],
    'no proof': () => ['Authorization', `DPoP ${bound}`],
    'a proof and no token': (proof: string) => ['DPoP', proof],
    'both schemes': (proof: string) => [...proving(proof), 'Authorization', `Bearer ${bound}`],
  })) {
    it(`A-3 ${what}: 400 invalid_request`, async () => {
      const answer = await ask(headersOf(proofOf()));
      assertRefused(answer, 400, 'INVALID_REQUEST');
      assert.match(String(answer.headers['www-authenticate']), /error="invalid_request"/);
    });
  }

  const seconds = () => Math.floor(Date.now() / 1000);
  const changed: Readonly<Record<string, () => Changes>> = {
    'typ JWT': () => ({ header: { typ: 'JWT' } }),
    'typ at+jwt': () => ({ header: { typ: 'at+jwt' } }),
    'alg none': () => ({ header: { alg: 'none' } }),
    'alg HS256': () => ({ header: { alg: 'HS256', jwk: { kty: 'oct', k: 'c2VjcmV0' } } }),
    'a private key in jwk': () => ({ header: { jwk: key.privateKey.export({ format: 'jwk' }) } }),
    'another key in jwk': () => ({ header: { jwk: makeKey().publicKey.export({ format: 'jwk' }) } }),
    'no jwk': () => ({ header: { jwk: undefined } }),
    'htm GET': () => ({ payload: { htm: 'GET' } }),
    'htu of another host': () => ({ payload: { htu: 'https://evil.example/graphql' } }),
    'htu of another path': () => ({ payload: { htu: `${server.url}/oauth/token` } }),
    'iat of two minutes ago': () => ({ payload: { iat: seconds() - 120 } }),
    'iat in two minutes': () => ({ payload: { iat: seconds() + 120 } }),
    'no jti': () => ({ payload: { jti: undefined } }),
    'no ath': () => ({ payload: { ath: undefined } }),
    'ath of another token': () => ({ payload: { ath: hash('sha256', 'another', 'base64url') } }),
  };
  for (const [what, changes] of Object.entries(changed)) {
    it(`a proof with ${what}: 401 invalid_dpop_proof`, async () => {
      const answer = await ask(proving(proofOf(changes())));
      assertRefused(answer, 401, 'INVALID_DPOP_PROOF');
      assert.match(String(answer.headers['www-authenticate']), /^DPoP [^]*algs="[^"]+"[^]*error="invalid_dpop_proof"/);
    });
  }
  it('a proof for the URL in Host and the forwarded headers, instead of our public URL: 401', async () => {
    const proof = proofOf({ payload: { htu: 'https://evil.example/graphql' } });
    const forwarded = [
      'X-Forwarded-Host',
      'evil.example',
      'X-Forwarded-Proto',
      'https',
      'Forwarded',
      'host=evil.example',
    ];
    assertRefused(await ask([...proving(proof), ...forwarded]), 401, 'INVALID_DPOP_PROOF');
  });

  it('a replayed proof: 401', async () => {
    const proof = proofOf();
    assert.equal((await ask(proving(proof))).status, 200);
    assertRefused(await ask(proving(proof)), 401, 'INVALID_DPOP_PROOF');
  });
  it('a proof that was used on one process is a replay on the other', async () => {
    const proof = proofOf();
    assert.equal((await ask(proving(proof), { at: replica })).status, 200);
    assertRefused(await ask(proving(proof), { at: server }), 401, 'INVALID_DPOP_PROOF');
  });
  it('one proof sent 40 times at once to two processes: one answer holds data', async () => {
    for (let round = 0; round < 3; round++) {
      const proof = proofOf();
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => ask(proving(proof), { at: index % 2 ? server : replica })),
      );
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.equal(answers.filter(({ status }) => status === 401).length, 39);
    }
  });

  it('RFC 9728 §2: the metadata says that proofs are supported, and not that they are required', async () => {
    const response = await fetch(`${server.url}/.well-known/oauth-protected-resource/graphql`);
    const document = (await response.json()) as Record<string, unknown>;
    assert.equal(document.resource, audience);
    assert.deepEqual(document.dpop_signing_alg_values_supported, ['ES256', 'Ed25519', 'EdDSA', 'PS256', 'RS256']);
    assert.equal(document.dpop_bound_access_tokens_required, false);
    const { headers } = await ask([]);
    const location = `${server.url}/.well-known/oauth-protected-resource/graphql`;
    const common = `realm="${audience}", resource_metadata="${location}"`;
    assert.equal(
      headers['www-authenticate'],
      `Bearer ${common}, DPoP ${common}, algs="ES256 Ed25519 EdDSA PS256 RS256"`,
    );
  });
  it('C-8 no token and no proof is in the log', async () => {
    const proof = proofOf();
    await ask(proving(proof));
    await ask(proving(proof));
    const log = server.output();
    assert.match(log, /"status":401/);
    for (const part of [...proof.split('.'), ...bound.split('.')]) assert.ok(!log.includes(part));
  });
});

describe('A-9 DPoP at the API, with nonces', () => {
  let strict: TestServer;
  let beside: TestServer;
  const config = `export default { dpop: { nonce: true, windowSeconds: 20, algorithms: ['ES256', 'EdDSA'] } };`;
  before(async () => {
    const env = { CLAIMGATE_ISSUER: issuer.issuer, CLAIMGATE_AUDIENCE: audience };
    strict = await startTestServer({ env, config });
    beside = await startTestServer({ env, beside: strict });
  });
  after(async () => {
    await beside?.dispose();
    await strict?.dispose();
  });
  const proof = (payload: Members = {}, header: Members = {}) =>
    proving(proofOf({ payload: { htu: `${strict.url}/graphql`, ...payload }, header }));
  async function nonceOf(at: TestServer): Promise<string> {
    const answer = await ask(proof(), { at });
    assertRefused(answer, 401, 'USE_DPOP_NONCE');
    assert.match(String(answer.headers['www-authenticate']), /DPoP [^]*error="use_dpop_nonce"/);
    const nonce = answer.headers['dpop-nonce'];
    assert.ok(typeof nonce === 'string' && nonce.length >= 22);
    return nonce;
  }

  it('openid-client is told once to use a nonce, and then gets data repeatedly', async () => {
    // A DPoP handle of openid-client stores the nonce of each origin.
    for (let time = 0; time < 3; time++) {
      const response = await fetchWithProof(`${strict.url}/graphql`, subject);
      assert.deepEqual(await response.json(), { data: { viewer: { subject: 'ada' } } });
      assert.ok(response.headers.get('dpop-nonce'));
      assert.equal(response.headers.get('cache-control'), 'no-store');
    }
    const answers = () => strict.output().match(/"route":"\/graphql","status":\d+/g) ?? [];
    await until(() => answers().length >= 4);
    assert.equal(answers().filter((answer) => answer.endsWith('401')).length, 1);
  });
  it('a nonce that one process gave is known to the other, before and after a restart', async () => {
    const given = await nonceOf(strict);
    assert.equal((await ask(proof({ nonce: given }), { at: beside })).status, 200);
    const other = await nonceOf(beside);
    assert.equal((await ask(proof({ nonce: other }), { at: strict })).status, 200);
    const env = { CLAIMGATE_ISSUER: issuer.issuer, CLAIMGATE_AUDIENCE: audience };
    const restarted = await startTestServer({ env, beside: strict });
    try {
      assert.equal((await ask(proof({ nonce: given }), { at: restarted })).status, 200);
    } finally {
      await restarted.stop();
    }
  });
  it('an invented nonce is refused, and a proof with a nonce is accepted only once', async () => {
    assertRefused(await ask(proof({ nonce: 'made-up' }), { at: strict }), 401, 'USE_DPOP_NONCE');
    const once = proof({ nonce: await nonceOf(strict) });
    assert.equal((await ask(once, { at: strict })).status, 200);
    assertRefused(await ask(once, { at: beside }), 401, 'INVALID_DPOP_PROOF');
  });
  it('the configured window is used', async () => {
    const nonce = await nonceOf(strict);
    const iat = Math.floor(Date.now() / 1000) - 25;
    assertRefused(await ask(proof({ nonce, iat }), { at: strict }), 401, 'INVALID_DPOP_PROOF');
    // With the default window, the server accepts the proof.
    assert.equal((await ask(proving(proofOf({ payload: { iat } })))).status, 200);
  });
  it('the configured algorithms are used, and challenge and metadata state them', async () => {
    const nonce = await nonceOf(strict);
    const refused = await ask(proof({ nonce }, { alg: 'RS256' }), { at: strict });
    assertRefused(refused, 401, 'INVALID_DPOP_PROOF');
    assert.match(refused.body.errors[0].message, /algorithm \(alg\) is not accepted/);
    const { headers } = await ask([], { at: strict });
    assert.match(String(headers['www-authenticate']), /algs="ES256 EdDSA"$/);
    const response = await fetch(`${strict.url}/.well-known/oauth-protected-resource/graphql`);
    const document = (await response.json()) as Record<string, unknown>;
    assert.deepEqual(document.dpop_signing_alg_values_supported, ['ES256', 'EdDSA']);
  });
  it('invalid settings stop the start, and all are reported together', async () => {
    const env = { CLAIMGATE_ISSUER: issuer.issuer, HOST: 'nowhere.invalid' };
    const config = `export default { dpop: { algorithms: ['HS256', 'none'], windowSeconds: 3600 } };`;
    const expected = [
      /HOST=nowhere/,
      /"HS256" cannot be accepted/,
      /"none" cannot be accepted/,
      /windowSeconds must be 1 to 300/,
    ];
    await assertRefusesToStart({ env, config }, ...expected);
  });
  it('the secret of the nonces is in the database, once, and in no log', async () => {
    const rows = await withStore(strict, (store) =>
      store.selectFrom('server_secrets').selectAll().where('name', '=', 'dpop_nonce').execute(),
    );
    assert.equal(rows.length, 1);
    for (const { value } of rows) {
      assert.match(value, /^[\w-]{43}$/);
      for (const process of [strict, beside]) assert.ok(!process.output().includes(value));
    }
  });
});

describe('A-9 DPoP at the API of a team, with the kit and nonces', () => {
  let team: ApolloServer<PrincipalContext>;
  let url: string;
  const statuses: number[] = [];

  before(async () => {
    const replays = memoryReplays();
    const checker = createProofChecker({ replays, nonce: { secret: crypto.getRandomValues(new Uint8Array(32)) } });
    const keys = remoteKeys({ issuer: issuer.issuer });
    const trusted = { issuer: issuer.issuer, audience: [audience], algorithms: ['ES256'], keys, primary: true };
    const verifier = createVerifier({ issuers: [trusted], proofs: checker });
    const options = { realm: 'team', resourceMetadata: `${audience}/metadata`, proofs: checker };
    team = new ApolloServer<PrincipalContext>({
      typeDefs: 'type Query { subject: String }',
      resolvers: { Query: { subject: (_, __, { principal }) => 'subject' in principal && principal.subject } },
      plugins: [noncePlugin(checker)],
    });
    const started = await startStandaloneServer(team, {
      listen: { host: '127.0.0.1', port: 0 },
      // The port is known after the server listens.
      context: ({ req, res }) => {
        res.once('finish', () => statuses.push(res.statusCode));
        return createContext({ verifier, url, ...options })(req);
      },
    });
    url = started.url;
  });
  after(() => team?.stop());

  it('openid-client is told once to use a nonce, and then always has one', async () => {
    for (let time = 0; time < 3; time++) {
      const response = await fetchWithProof(url, '{ subject }');
      assert.deepEqual(await response.json(), { data: { subject: 'ada' } });
      assert.ok(response.headers.get('dpop-nonce'));
    }
    assert.deepEqual(statuses, [401, 200, 200, 200]);
  });
});
