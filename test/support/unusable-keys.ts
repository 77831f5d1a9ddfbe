import { createHash, generateKeyPairSync } from 'node:crypto';
import { encode } from './tokens.ts';

/** An odd modulus of 2,048 bits. Its factors are not needed, because the inverse of exponent 1 is 1. */
const n = Buffer.alloc(256, 0xff).toString('base64url');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ format: 'jwk' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecPublic = ec.publicKey.export({ format: 'jwk' });
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const base64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

/** The RSA key under which each padded hash is its own signature. */
export const exponentOne = { kty: 'RSA', n, e: 'AQ' };

/** Makes a JWT that `exponentOne` verifies. Its signature is the padded hash (RFC 8017 §9.2). */
export function forgeWithExponentOne(header: object, payload: object): string {
  const input = `${encode({ alg: 'RS256', ...header })}.${encode({ ...payload })}`;
  const info = Buffer.concat([
    Buffer.from('3031300d060960864801650304020105000420', 'hex'),
    createHash('sha256').update(input).digest(),
  ]);
  const padded = Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.alloc(256 - 3 - info.length, 0xff),
    Buffer.from([0]),
    info,
  ]);
  return `${input}.${padded.toString('base64url')}`;
}

/** Keys that every reader of JWKs must reject. */
export const unusableKeys: Readonly<Record<string, object>> = {
  'RSA with exponent 1': exponentOne,
  'RSA with exponent 0': { ...rsa, e: 'AA' },
  'RSA with exponent 1 behind zeros': { ...rsa, e: 'AAAB' },
  'RSA with exponent 2': { ...rsa, e: 'Ag' },
  'RSA with an even exponent': { ...rsa, e: Buffer.from([1, 0, 0]).toString('base64url') },
  'RSA with an exponent of 40 bits': { ...rsa, e: Buffer.from([1, 0, 0, 0, 1]).toString('base64url') },
  'RSA with an exponent as long as the modulus': { ...rsa, e: n },
  'RSA with an exponent that is no base64url': { ...rsa, e: 'AQ==' },
  'RSA of 1,024 bits': { ...rsa, n: Buffer.alloc(128, 0xff).toString('base64url') },
  'RSA of 2,047 bits': { ...rsa, n: base64url(`7f${'ff'.repeat(255)}`) },
  'RSA of 1,024 bits behind zeros': { ...rsa, n: base64url(`${'00'.repeat(128)}${'ff'.repeat(128)}`) },
  'RSA of 8,200 bits': { ...rsa, n: Buffer.alloc(1_025, 0xff).toString('base64url') },
  'RSA with an even modulus': { ...rsa, n: base64url(`${'ff'.repeat(255)}fe`) },
  'RSA without a modulus': { kty: 'RSA', e: 'AQAB' },
  'EC with a short coordinate': { ...ecPublic, x: 'AAAA' },
  'EC with a coordinate behind a zero': { ...ecPublic, x: base64url(`00${'11'.repeat(32)}`) },
  'EC with the coordinates of another curve': { ...ecPublic, crv: 'P-384' },
  'EC on a curve that no algorithm here has': { ...ecPublic, crv: 'secp256k1' },
  'EC on a curve by the name of a prototype': { ...ecPublic, crv: 'constructor' },
  'OKP for key agreement': { ...ed, crv: 'X25519' },
  'OKP that is short': { ...ed, x: 'AAAA' },
  'OKP with the neutral point': { ...ed, x: base64url(`01${'00'.repeat(31)}`) },
  'OKP with the neutral point and a sign': { ...ed, x: base64url(`01${'00'.repeat(30)}80`) },
  'OKP with a point of order 8': {
    ...ed,
    x: base64url('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  },
  symmetric: { kty: 'oct', k: 'c2VjcmV0' },
  private: ec.privateKey.export({ format: 'jwk' }),
  'for encryption': { ...ecPublic, use: 'enc' },
  'for other operations': { ...ecPublic, key_ops: ['sign'] },
  'of an algorithm that is no text': { ...ecPublic, alg: 7 },
};

/** A well-formed key whose point is not on the curve. */
export const offCurve = { ...ecPublic, x: Buffer.alloc(32, 1).toString('base64url') };
