import assert from 'node:assert/strict';
import { hash, randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { assertUntold, makeKey, sign, type TestKey } from '../support/tokens.ts';
import { type Answer, ask, bearer, bodyOf } from './ask.ts';
import type { Attacked } from './attacks.ts';

const url = 'https://api.example/graphql';
const key = makeKey();
const stranger = makeKey();
const thumbprint = await calculateJwkThumbprint(key.publicJwk);

/** What differs from a valid proof. */
interface Change {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  /** The key that signs. Its public key is in the header. */
  readonly signer?: TestKey;
}

function proofFor(token: string, { header, payload, signer = key }: Change = {}): string {
  const iat = Math.floor(Date.now() / 1_000);
  const ath = hash('sha256', token, 'base64url');
  const jwk = signer.publicKey.export({ format: 'jwk' });
  return sign(signer, {
    header: { typ: 'dpop+jwt', kid: undefined, jwk, ...header },
    payload: { jti: randomUUID(), htm: 'POST', htu: url, iat, ath, ...payload },
  });
}

const refused: Readonly<Record<string, Change>> = {
  'another method (htm)': { payload: { htm: 'GET' } },
  'another URL (htu)': { payload: { htu: 'https://evil.example/graphql' } },
  'another token (ath)': { payload: { ath: hash('sha256', 'another', 'base64url') } },
  'no hash of the token (ath)': { payload: { ath: undefined } },
  'another key (jkt)': { signer: stranger },
  'an old time (iat)': { payload: { iat: Math.floor(Date.now() / 1_000) - 3_600 } },
  'no identifier (jti)': { payload: { jti: undefined } },
  'another type (typ)': { header: { typ: 'at+jwt' } },
  'a symmetric algorithm': { header: { alg: 'HS256' } },
  'the algorithm none': { header: { alg: 'none' } },
  'a private key in its header': { header: { jwk: key.privateKey.export({ format: 'jwk' }) } },
  'a signature of another key': { signer: stranger, header: { jwk: key.publicKey.export({ format: 'jwk' }) } },
};

const codeOf = (answer: Answer): unknown => bodyOf(answer).errors?.[0]?.extensions?.['code'];
const proving = (token: string, ...proofs: readonly string[]): readonly string[] => [
  'Authorization',
  `DPoP ${token}`,
  ...proofs.flatMap((proof) => ['DPoP', proof]),
];

/** The cases of A-9: proofs of possession, on a server with the installed kit. */
export function proofTests({ name, urls, authorization }: Attacked): void {
  const tokenOf = (claims: Readonly<Record<string, unknown>>): string =>
    (authorization({ claims })[1] ?? '').replace('Bearer ', '');
  const bound = (): string => tokenOf({ cnf: { jkt: thumbprint } });
  const send = async (headers: readonly string[], query = '{ viewer }', api: 'callers' | 'nonced' = 'callers') =>
    ask(urls()[api], { query, headers });

  it(`A-9 a bound token is accepted with a valid proof, by POST and GET, on ${name}`, async () => {
    const token = bound();
    assert.deepEqual(bodyOf(await send(proving(token, proofFor(token)))), { data: { viewer: 'alice' } });
    const headers = proving(token, proofFor(token, { payload: { htm: 'GET' } }));
    const answer = await ask(urls().callers, { method: 'GET', query: '{ viewer }', headers });
    assert.deepEqual(bodyOf(answer), { data: { viewer: 'alice' } });
    const denied = await send(proving(token, proofFor(token)), '{ secret }');
    assert.equal(denied.status, 403);
    assert.match(denied.headers['www-authenticate'] ?? '', /^DPoP realm="table".* error="insufficient_scope"/);
  });

  it(`A-9 a bound token that is sent as Bearer is refused, and an unbound token as DPoP, on ${name}`, async () => {
    const token = bound();
    assert.equal((await send(proving(token, proofFor(token)))).status, 200);
    const asBearer = await send(bearer(token), '{ hello }');
    assert.deepEqual([asBearer.status, codeOf(asBearer)], [401, 'INVALID_TOKEN']);
    const offered = /^Bearer realm="table".* error="invalid_token".*, DPoP realm="table".* algs="/;
    assert.match(asBearer.headers['www-authenticate'] ?? '', offered);
    const unbound = tokenOf({});
    const asDpop = await send(proving(unbound, proofFor(unbound)), '{ hello }');
    assert.deepEqual([asDpop.status, codeOf(asDpop)], [401, 'INVALID_TOKEN']);
  });

  it(`A-9 a proof that does not fit is refused, and no part of it is told, on ${name}`, async () => {
    for (const [fault, change] of Object.entries(refused)) {
      const token = bound();
      const proof = proofFor(token, change);
      const answer = await send(proving(token, proof), '{ hello }');
      const shown = `${fault}: ${answer.text}`;
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'INVALID_DPOP_PROOF'], shown);
      assert.equal(bodyOf(answer).data, undefined, shown);
      assert.match(answer.headers['www-authenticate'] ?? '', /^DPoP realm="table".* error="invalid_dpop_proof"/, shown);
      assertUntold(token, JSON.stringify(answer));
      assertUntold(proof, JSON.stringify(answer));
    }
  });

  it(`A-9 a proof is accepted one time, also of two requests at the same time, on ${name}`, async () => {
    const token = bound();
    const proof = proofFor(token);
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(proving(token, proof))));
    answers.push(await send(proving(token, proof)));
    const counts = Map.groupBy(answers, (answer) => codeOf(answer) ?? answer.status);
    assert.deepEqual([counts.get(200)?.length, counts.get('INVALID_DPOP_PROOF')?.length], [1, 8]);
  });

  it(`A-9 two proofs, no proof, and a proof beside a Bearer token are refused, on ${name}`, async () => {
    const token = bound();
    for (const headers of [
      proving(token, proofFor(token), proofFor(token)),
      proving(token),
      [...bearer(token), 'DPoP', proofFor(token)],
      ['DPoP', proofFor(token)],
    ]) {
      const answer = await send(headers, '{ hello }');
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'INVALID_REQUEST'], answer.text);
    }
  });

  it(`A-9 if nonces are required, the first proof is answered with a nonce, on ${name}`, async () => {
    const token = bound();
    const first = await send(proving(token, proofFor(token)), '{ viewer }', 'nonced');
    assert.deepEqual([first.status, codeOf(first)], [401, 'USE_DPOP_NONCE']);
    assert.match(first.headers['www-authenticate'] ?? '', /^DPoP .*error="use_dpop_nonce"/);
    const nonce = first.headers['dpop-nonce'];
    assert.equal(typeof nonce, 'string');
    const second = await send(proving(token, proofFor(token, { payload: { nonce } })), '{ viewer }', 'nonced');
    assert.deepEqual(bodyOf(second), { data: { viewer: 'alice' } });
    const wrong = await send(proving(token, proofFor(token, { payload: { nonce: 'x' } })), '{ viewer }', 'nonced');
    assert.deepEqual([wrong.status, codeOf(wrong)], [401, 'USE_DPOP_NONCE']);
  });
}
