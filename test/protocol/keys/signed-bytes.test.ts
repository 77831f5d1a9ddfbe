import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompactSign, type CryptoKey, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose';
import { asymmetricAlgorithms } from '../../../src/protocol/keys/algorithms.ts';
import { signatureCheck } from '../../../src/protocol/keys/signed-bytes.ts';

const text = '{"iss":"https://issuer.example","sub":"ada"}';

/** The parts of a compact JWS from which the function under test decides. */
function partsOf(jws: string): [signature: Buffer, signed: Buffer] {
  const end = jws.lastIndexOf('.');
  return [Buffer.from(jws.slice(end + 1), 'base64url'), Buffer.from(jws.slice(0, end), 'latin1')];
}

const fits = async (algorithm: string, key: CryptoKey, jws: string) => {
  const check = signatureCheck(algorithm, key);
  assert.ok(check);
  return check(...partsOf(jws)).catch(() => false);
};
const fitsForJose = async (algorithm: string, key: CryptoKey, jws: string) =>
  compactVerify(jws, key, { algorithms: [algorithm] }).then(
    () => true,
    () => false,
  );

const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
const pairOf = async (algorithm: string) => {
  const pair = pairs.get(algorithm) ?? (await generateKeyPair(algorithm, { extractable: true, modulusLength: 2_048 }));
  pairs.set(algorithm, pair);
  return pair;
};

describe('A-4 the check of a signature', () => {
  for (const alg of asymmetricAlgorithms) {
    it(`A-4 ${alg}: decides as jose does, for the right signature and for changed ones`, async () => {
      const { publicKey, privateKey } = await pairOf(alg);
      const imported = await importJWK(await exportJWK(publicKey), alg);
      assert.ok(!(imported instanceof Uint8Array));
      const jws = await new CompactSign(Buffer.from(text)).setProtectedHeader({ alg }).sign(privateKey);
      const end = jws.lastIndexOf('.');
      const [signature] = partsOf(jws);
      const changed = (at: number) => {
        const bytes = Buffer.from(signature);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return `${jws.slice(0, end)}.${bytes.toString('base64url')}`;
      };
      const cases = [
        jws,
        changed(0),
        changed(signature.length - 1),
        changed(signature.length >> 1),
        `${jws.slice(0, end)}.${signature.subarray(1).toString('base64url')}`,
        `${jws.slice(0, end)}.${Buffer.concat([signature, Buffer.alloc(1)]).toString('base64url')}`,
        `${jws.slice(0, end)}.${Buffer.alloc(signature.length).toString('base64url')}`,
        `${jws.slice(0, end)}.AA`,
        `x${jws}`,
        jws.replace('.', '.A'),
      ];
      for (const key of [publicKey, imported]) {
        const ours = await Promise.all(cases.map((candidate) => fits(alg, key, candidate)));
        const theirs = await Promise.all(cases.map((candidate) => fitsForJose(alg, key, candidate)));
        assert.deepEqual(ours, theirs);
        assert.deepEqual(ours, [true, ...cases.slice(1).map(() => false)]);
      }
    });
  }

  it('A-4 leaves every key that was not made for the algorithm to jose, which refuses it', async () => {
    const jwses = new Map<string, string>();
    for (const alg of asymmetricAlgorithms) {
      const { privateKey } = await pairOf(alg);
      jwses.set(alg, await new CompactSign(Buffer.from(text)).setProtectedHeader({ alg }).sign(privateKey));
    }
    for (const alg of asymmetricAlgorithms) {
      for (const other of asymmetricAlgorithms) {
        const { publicKey } = await pairOf(other);
        const areOne = alg === other || [alg, other].every((name) => name === 'EdDSA' || name === 'Ed25519');
        assert.equal(signatureCheck(alg, publicKey) !== null, areOne, `${alg} by a key for ${other}`);
        if (!areOne) assert.equal(await fitsForJose(alg, publicKey, jwses.get(alg) ?? ''), false);
      }
    }
  });

  it('A-4 leaves private, symmetric and short keys, other forms and unknown algorithms to jose', async () => {
    const { publicKey, privateKey } = await pairOf('RS256');
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };
    const short = await crypto.subtle.generateKey({ ...rsa, modulusLength: 1_024 }, false, ['sign', 'verify']);
    const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
    const jwk = await exportJWK(publicKey);
    const unusable = await crypto.subtle.importKey('jwk', { ...jwk }, rsa, false, []);
    for (const key of [privateKey, short.publicKey, secret, jwk, unusable, null, undefined, 'key', {}]) {
      assert.equal(signatureCheck('RS256', key), null);
    }
    for (const alg of ['none', '', 'HS256', 'rs256', 'RS257', '__proto__', 'constructor']) {
      assert.equal(signatureCheck(alg, publicKey), null, alg);
    }
  });

  it('A-4 does not use the check of one algorithm for another, also with one key', async () => {
    const { publicKey } = await pairOf('EdDSA');
    assert.ok(signatureCheck('EdDSA', publicKey));
    assert.equal(signatureCheck('ES256', publicKey), null);
    assert.ok(signatureCheck('Ed25519', publicKey));
    assert.equal(signatureCheck('RS256', publicKey), null);
  });
});
