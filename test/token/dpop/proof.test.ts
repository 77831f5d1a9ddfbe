import assert from 'node:assert/strict';
import { createHmac, hash, randomUUID } from 'node:crypto';
import { it } from 'node:test';
import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { ClaimgateError, type ErrorCode, StartError } from '../../../src/errors.ts';
import { createProofChecker, type PresentedProof, type ProofChecker } from '../../../src/token/dpop/proof.ts';
import { memoryReplays } from '../../../src/token/dpop/replays.ts';
import { assertUntold, encode, makeKey, now, sign, type TestKey, target } from '../../support/tokens.ts';

const clock = () => now * 1000;
const token = sign(makeKey());
const key = makeKey();

const checkerOf = (changes: Partial<Parameters<typeof createProofChecker>[0]> = {}) =>
  createProofChecker({ replays: memoryReplays({ clock }), clock, ...changes });

type Members = Readonly<Record<string, unknown>>;
interface Changes {
  readonly header?: Members;
  readonly payload?: Members;
}

const jwkOf = (key: TestKey) => key.publicKey.export({ format: 'jwk' });

/** Returns the header and payload of a valid proof, with changes. `undefined` removes a member. */
function partsOf(key: TestKey, { header = {}, payload = {} }: Changes = {}): Required<Changes> {
  return {
    header: { typ: 'dpop+jwt', kid: undefined, jwk: jwkOf(key), ...header },
    payload: {
      jti: randomUUID(),
      htm: 'POST',
      htu: target.url,
      iat: now,
      ath: hash('sha256', token, 'base64url'),
      ...payload,
    },
  };
}

const proofOf = (key: TestKey, changes?: Changes) => sign(key, partsOf(key, changes));

/** Presents a proof with the token. By default the token is bound to the proof's key. */
async function present(proof: string, changes: Partial<PresentedProof> = {}): Promise<PresentedProof> {
  return { proof, token, thumbprint: await calculateJwkThumbprint(key.publicJwk), target, ...changes };
}

async function assertProofRefused(
  proof: string,
  reason: RegExp,
  { checker = checkerOf(), changes = {} }: { checker?: ProofChecker; changes?: Partial<PresentedProof> } = {},
  code: ErrorCode = 'INVALID_DPOP_PROOF',
): Promise<void> {
  await assert.rejects(checker.check(await present(proof, changes)), (error) => {
    assert.ok(error instanceof ClaimgateError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, reason);
    assertUntold(proof, error.message + JSON.stringify(error.evidence));
    return true;
  });
}

for (const alg of ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] as const) {
  it(`A-9 a proof signed with ${alg} is accepted`, async () => {
    const key = makeKey(alg);
    await checkerOf().check(await present(proofOf(key), { thumbprint: await calculateJwkThumbprint(key.publicJwk) }));
  });
}

const accepted: Readonly<Record<string, Changes>> = {
  'with its type as a whole media type': { header: { typ: 'application/DPoP+JWT' } },
  'with a query in htu': { payload: { htu: `${target.url}?query=%7Bme%7D` } },
  'with a fragment in htu': { payload: { htu: `${target.url}#there` } },
  'with htu in another spelling': { payload: { htu: 'HTTPS://API.example:443/x/../%67raphql' } },
  'of 60 seconds ago': { payload: { iat: now - 60 } },
  'of 60 seconds ahead': { payload: { iat: now + 60 } },
  'with fractions of a second': { payload: { iat: now - 0.5 } },
  'with an unrequested nonce': { payload: { nonce: 'from another server of this origin' } },
  'with a key that states its use': {
    header: { jwk: { ...jwkOf(key), use: 'sig', key_ops: ['verify'], alg: 'ES256', kid: 'k', ext: true } },
  },
  'with an identifier of 256 characters': { payload: { jti: 'j'.repeat(256) } },
  'with claims of its maker': { payload: { constructor: 1, exp: now + 5 } },
};
for (const [what, changes] of Object.entries(accepted)) {
  it(`A-9 a proof ${what} is accepted`, async () => checkerOf().check(await present(proofOf(key, changes))));
}

const other = makeKey();
const oct = { kty: 'oct', k: encode('a secret of thirty-two characters') };
const refused: readonly (readonly [what: string, changes: Changes, reason: RegExp])[] = [
  ['without a type', { header: { typ: undefined } }, /type \(typ\)/],
  ['with the type of an access token', { header: { typ: 'at+jwt' } }, /type \(typ\)/],
  ['with the type JWT', { header: { typ: 'JWT' } }, /type \(typ\)/],
  ['with a type that is not a string', { header: { typ: ['dpop+jwt'] } }, /type \(typ\)/],
  ['with a type that only starts so', { header: { typ: 'dpop+jwt2' } }, /type \(typ\)/],
  ['with alg none', { header: { alg: 'none' } }, /algorithm/],
  ['with alg nOnE', { header: { alg: 'nOnE' } }, /algorithm/],
  ['with alg HS256', { header: { alg: 'HS256', jwk: oct } }, /algorithm/],
  ['with an algorithm off the list', { header: { alg: 'ES384' } }, /algorithm/],
  ['without an algorithm', { header: { alg: undefined } }, /algorithm/],
  ['with a list of algorithms', { header: { alg: ['ES256'] } }, /algorithm/],
  ['with crit', { header: { crit: ['exp'] } }, /extension/],
  ['with b64', { header: { b64: false } }, /extension/],
  ['without a key', { header: { jwk: undefined } }, /public key/],
  ['with a key as text', { header: { jwk: JSON.stringify(jwkOf(key)) } }, /public key/],
  ['with keys in a list', { header: { jwk: [jwkOf(key)] } }, /public key/],
  ['with a private key', { header: { jwk: key.privateKey.export({ format: 'jwk' }) } }, /public key/],
  ['with a symmetric key', { header: { jwk: oct } }, /public key/],
  ['with a symmetric member', { header: { jwk: { ...jwkOf(key), k: oct.k } } }, /public key/],
  ['with an empty private member', { header: { jwk: { ...jwkOf(key), d: '' } } }, /public key/],
  ['with a key of no type', { header: { jwk: { ...jwkOf(key), kty: undefined } } }, /public key/],
  ['with a key of type __proto__', { header: { jwk: { ...jwkOf(key), kty: '__proto__' } } }, /public key/],
  ['with half a key', { header: { jwk: { ...jwkOf(key), y: undefined } } }, /public key/],
  ['with a key for encryption', { header: { jwk: { ...jwkOf(key), use: 'enc' } } }, /public key/],
  ['with a key for deriving', { header: { jwk: { ...jwkOf(key), key_ops: ['deriveBits'] } } }, /public key/],
  ['with a key for another algorithm', { header: { jwk: { ...jwkOf(key), alg: 'ES384' } } }, /public key/],
  ['for another method', { payload: { htm: 'GET' } }, /method/],
  ['for the method in another case', { payload: { htm: 'post' } }, /method/],
  ['without a method', { payload: { htm: undefined } }, /method/],
  ['without a URL', { payload: { htu: undefined } }, /URL/],
  ['for a list of URLs', { payload: { htu: [target.url] } }, /URL/],
  ['for another path', { payload: { htu: `${target.url}/other` } }, /URL/],
  ['for the path with a slash', { payload: { htu: `${target.url}/` } }, /URL/],
  ['for the path in another case', { payload: { htu: 'https://api.example/GraphQL' } }, /URL/],
  ['for another host', { payload: { htu: 'https://evil.example/graphql' } }, /URL/],
  ['for another port', { payload: { htu: 'https://api.example:8443/graphql' } }, /URL/],
  ['for http', { payload: { htu: 'http://api.example/graphql' } }, /URL/],
  ['for a path alone', { payload: { htu: '/graphql' } }, /URL/],
  ['without a time', { payload: { iat: undefined } }, /time \(iat\)/],
  ['with its time as text', { payload: { iat: String(now) } }, /time \(iat\)/],
  ['with its time in milliseconds', { payload: { iat: now * 1000 } }, /time \(iat\)/],
  ['of 61 seconds ago', { payload: { iat: now - 61 } }, /time \(iat\)/],
  ['of 61 seconds ahead', { payload: { iat: now + 61 } }, /time \(iat\)/],
  ['without an identifier', { payload: { jti: undefined } }, /identifier \(jti\)/],
  ['with an empty identifier', { payload: { jti: '' } }, /identifier \(jti\)/],
  ['with a number as identifier', { payload: { jti: 1 } }, /identifier \(jti\)/],
  ['with an identifier of 257 characters', { payload: { jti: 'j'.repeat(257) } }, /identifier \(jti\)/],
  ['for no token', { payload: { ath: undefined } }, /\(ath\)/],
  ['for another token', { payload: { ath: hash('sha256', `${token}x`, 'base64url') } }, /\(ath\)/],
  ['with the hash of its token in hex', { payload: { ath: hash('sha256', token, 'hex') } }, /\(ath\)/],
  ['with the hash of its token padded', { payload: { ath: `${hash('sha256', token, 'base64url')}=` } }, /\(ath\)/],
  ['with another key of its sender', { header: { jwk: jwkOf(other) } }, /the one that the access token is bound to/],
  ['that has expired, by its own word', { payload: { exp: now - 61 } }, /signature/],
  ['that is not valid yet by its nbf', { payload: { nbf: now + 61 } }, /signature/],
];
for (const [what, changes, reason] of refused) {
  it(`A-9 a proof ${what} is refused`, () => assertProofRefused(proofOf(key, changes), reason));
}

it("A-9 a valid proof of another key than the token's key is refused", () =>
  assertProofRefused(proofOf(other), /the one that the access token is bound to/));
it('A-9 a proof signed by another key than it shows is refused', () =>
  assertProofRefused(sign(other, partsOf(key)), /signature/));
it('A-9 a proof whose payload was exchanged is refused', async () => {
  const [header, , signature] = proofOf(key).split('.');
  const payload = encode(partsOf(key, { payload: { jti: 'another' } }).payload);
  await assertProofRefused([header, payload, signature].join('.'), /signature/);
});
it('A-9 a proof signed with HMAC over the public key is refused', async () => {
  const { header, payload } = partsOf(key, { header: { alg: 'HS256' } });
  const input = `${encode(header)}.${encode(payload)}`;
  const mac = createHmac('sha256', JSON.stringify(jwkOf(key)))
    .update(input)
    .digest('base64url');
  await assertProofRefused(`${input}.${mac}`, /algorithm/);
});
it('A-9 a key on another curve than its algorithm is refused', async () => {
  const wide = makeKey('ES384');
  const proof = sign({ ...wide, alg: 'ES256' }, partsOf(wide));
  const thumbprint = await calculateJwkThumbprint(wide.publicJwk);
  await assertProofRefused(proof, /public key for its algorithm/, { changes: { thumbprint } });
});
it('A-9 a point that is not on its curve is refused', async () => {
  const jwk = { kty: 'EC', crv: 'P-256', x: encode(Buffer.alloc(32, 1)), y: encode(Buffer.alloc(32, 2)) };
  const proof = sign(key, partsOf(key, { header: { jwk } }));
  await assertProofRefused(proof, /signature/, { changes: { thumbprint: await calculateJwkThumbprint(jwk) } });
});

const malformed: Readonly<Record<string, string>> = {
  'that is not a JWT': 'proof',
  'without a signature': `${proofOf(key).split('.', 2).join('.')}.`,
  'with four parts': `${proofOf(key)}.e30`,
  'with a payload that names a member twice': sign(key, {
    header: partsOf(key).header,
    payload: JSON.stringify(partsOf(key).payload).replace('{', '{"htm":"GET",'),
  }),
  'of 100 kB': proofOf(key, { payload: { x: 'x'.repeat(75_000) } }),
};
for (const [what, proof] of Object.entries(malformed)) {
  it(`A-9 a proof ${what} is refused`, () => assertProofRefused(proof, /well-formed JWT/));
}

it('A-9 a proof is accepted once', async () => {
  const checker = checkerOf();
  const presented = await present(proofOf(key));
  await checker.check(presented);
  await assertProofRefused(presented.proof, /used before/, { checker });
});
it('A-9 only one of many parallel uses of one proof is accepted', async () => {
  const checker = checkerOf();
  const presented = await present(proofOf(key));
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => checker.check(presented)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});
it('A-9 an identifier is used up only for its own key', async () => {
  const checker = checkerOf();
  await checker.check(await present(proofOf(key, { payload: { jti: 'one' } })));
  await assertProofRefused(proofOf(key, { payload: { jti: 'one' } }), /used before/, { checker });
  const thumbprint = await calculateJwkThumbprint(other.publicJwk);
  await checker.check(await present(proofOf(other, { payload: { jti: 'one' } }), { thumbprint }));
});
it('A-9 a refused proof uses up no identifier, so other callers cannot use up identifiers', async () => {
  const checker = checkerOf();
  await assertProofRefused(sign(other, partsOf(key, { payload: { jti: 'one' } })), /signature/, { checker });
  await checker.check(await present(proofOf(key, { payload: { jti: 'one' } })));
});
it('A-9 a proof is stored as a hash for as long as a replica may accept it', async () => {
  const added: [id: string, expiresAt: number][] = [];
  const replays = { add: async (id: string, expiresAt: number) => added.push([id, expiresAt]) > 0 };
  await checkerOf({ replays }).check(
    await present(proofOf(key, { payload: { jti: 'the-identifier', iat: now + 60 } })),
  );
  const [[id, expiresAt] = ['', 0]] = added;
  assert.match(id, /^[\w-]{43}$/);
  assert.equal(expiresAt, (now + 60 + 60 + 60) * 1000);
});
it('A-9 if replays cannot be checked, a proof is refused: 503', async () => {
  const replays = { add: () => Promise.reject(new Error('the database is away')) };
  await assertProofRefused(
    proofOf(key),
    /cannot be found out at present/,
    { checker: checkerOf({ replays }) },
    'PROOFS_UNAVAILABLE',
  );
});

it('A-9 nonces: a proof without a nonce gets one, and is accepted with it', async () => {
  const checker = checkerOf({ nonce: { secret: Buffer.alloc(32, 7) } });
  for (const nonce of [undefined, '', 'mine', 1, null]) {
    await assertProofRefused(proofOf(key, { payload: { nonce } }), /needs the nonce/, { checker }, 'USE_DPOP_NONCE');
  }
  await checker.check(await present(proofOf(key, { payload: { nonce: checker.nonce() } })));
});
it('A-9 nonces: only a caller with the key gets a nonce', async () => {
  const checker = checkerOf({ nonce: { secret: Buffer.alloc(32, 7) } });
  await assertProofRefused(sign(other, partsOf(key)), /signature/, { checker });
});
it('A-9 a proof with any one bit changed is refused', async () => {
  const checker = checkerOf();
  const proof = proofOf(key);
  const { length } = proof;
  await fc.assert(
    fc.asyncProperty(fc.nat(length - 1), fc.nat(7), async (at, bit) => {
      const changed = String.fromCharCode(proof.charCodeAt(at) ^ (1 << bit));
      await assertProofRefused(proof.slice(0, at) + changed + proof.slice(at + 1), /./, { checker });
    }),
    { numRuns: 2_000 },
  );
  await checker.check(await present(proof));
});
it('A-9 any content of a proof is refused with our own message', async () => {
  const checker = checkerOf();
  const members = fc.dictionary(
    fc.constantFrom('typ', 'alg', 'jwk', 'crit', 'htm', 'htu', 'iat', 'jti', 'ath', 'nonce', 'exp', '__proto__', 'x'),
    fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('POST', target.url, now, 'ES256', jwkOf(key))),
    { noNullPrototype: true },
  );
  const jwks = fc.dictionary(fc.constantFrom('kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'use', 'alg'), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(members, members, jwks, async (header, payload, jwk) => {
      await assertProofRefused(sign(key, { header: JSON.stringify(header), payload }), /./, { checker });
      await assertProofRefused(proofOf(key, { header: { jwk: { ...jwkOf(key), ...jwk, z: 1, d: 1 } } }), /./, {
        checker,
      });
    }),
    { numRuns: 1_000 },
  );
});
it('A-9 without the option nonces, no nonce is offered', () => {
  assert.equal(checkerOf().nonce(), null);
  assert.equal(checkerOf().requiresNonce, false);
});

it('options that would weaken a checker are refused, and all faults are reported together', () => {
  assert.throws(
    () =>
      checkerOf({ algorithms: ['ES256', 'HS256', 'none'], windowSeconds: 3600, nonce: { secret: Buffer.alloc(16) } }),
    (error) => error instanceof StartError && error.faults.length === 4 && /"HS256".*"none"/s.test(error.message),
  );
  assert.throws(() => checkerOf({ algorithms: [] }), StartError);
  assert.throws(() => checkerOf({ windowSeconds: Number.NaN }), StartError);
});
