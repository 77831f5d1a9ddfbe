import { createHmac, sign as signBytes } from 'node:crypto';
import { encode, sign, signature, type TestKey } from '../../support/tokens.ts';
import { accepted, refused, type TokenCase } from './case.ts';
import { claimsOf, keys, ofOther, published, withHeader, type World } from './world.ts';

const { es256, es384, es512, rs256, ps256, eddsa, stranger } = keys;

/** The order of the P-256 group (FIPS 186-5, SP 800-186 §3.2.1.3). */
const n = 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n;
/** The order of the Ed25519 group (RFC 8032 §5.1). */
const l = 2n ** 252n + 27742317777372353535851937790883648493n;

const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytesOf = (value: bigint, length = 32): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');

/** Makes a token whose signature is derived from the bytes of a valid signature. */
function resigned(key: TestKey, change: (signature: Buffer, input: string) => Uint8Array): (world: World) => string {
  return (world) => {
    const [header, payload, good = ''] = sign(key, { payload: claimsOf(world) }).split('.');
    const input = `${header}.${payload}`;
    return `${input}.${encode(change(Buffer.from(good, 'base64url'), input))}`;
  };
}

/** Changes the two numbers of an ES256 signature (RFC 7518 §3.4). */
function withNumbers(change: (r: bigint, s: bigint) => readonly [bigint, bigint]): (world: World) => string {
  return resigned(es256, (good) => {
    const [r, s] = change(big(good.subarray(0, 32)), big(good.subarray(32)));
    return Buffer.concat([bytesOf(r), bytesOf(s)]);
  });
}

/** Makes a token whose header names one algorithm and whose signature uses another. */
function under(alg: string, key: TestKey, by: string = key.alg): (world: World) => string {
  return (world) => {
    const input = `${encode({ alg, typ: 'at+jwt', kid: key.kid })}.${encode(claimsOf(world))}`;
    return `${input}.${signature({ ...key, alg: by }, input)}`;
  };
}

function unsigned(alg: unknown): (world: World) => string {
  return (world) => `${encode({ alg, typ: 'at+jwt' })}.${encode(claimsOf(world))}.`;
}

/** Makes a token with the algorithm `none` and a signature, so that it has three segments. */
function dressed(alg: unknown): (world: World) => string {
  return (world) => withHeader(world, { alg });
}

function hmac(secret: string | Uint8Array, kid: string = es256.kid, alg = 'HS256'): (world: World) => string {
  return (world) => {
    const input = `${encode({ alg, typ: 'at+jwt', kid })}.${encode(claimsOf(world))}`;
    const digest = createHmac(alg.replace('HS', 'sha'), secret).update(input).digest();
    return `${input}.${encode(digest)}`;
  };
}

function flipped(key: TestKey, at: number): (world: World) => string {
  return resigned(key, (good) => {
    const index = at < 0 ? good.length + at : at;
    good[index] = (good[index] ?? 0) ^ 1;
    return good;
  });
}

const pem = (key: TestKey) => key.publicKey.export({ format: 'pem', type: 'spki' });
const der = (key: TestKey) => key.publicKey.export({ format: 'der', type: 'spki' });

const algorithms = Object.fromEntries(
  [es256, es384, es512, rs256, ps256, eddsa].map((key) => [`signed by ${key.alg}`, under(key.alg, key)]),
);

/** the signature, its algorithm and its key. */
export const signatureCases: readonly TokenCase[] = [
  ...accepted('A-4', {
    'RFC 7518 §3.1': algorithms,
    'RFC 8037 §3.1': { 'EdDSA by a key that names no algorithm': under('EdDSA', keys.edwards) },
    'RFC 9864 §2.2': { 'Ed25519 by a key that names no algorithm': under('Ed25519', keys.edwards) },
    'RFC 7517 §4.4': {
      'RS256 by a key that names no algorithm': under('RS256', keys.open),
      'PS256 by a key that names no algorithm': under('PS256', keys.open, 'PS256'),
      'RS512 by a key that names no algorithm': under('RS512', keys.open, 'RS512'),
    },
    'RFC 7517 §4.5': {
      'by the first of two keys with one kid': (world) => withHeader(world, {}, keys.twin),
      'by the second of two keys with one kid': (world) => withHeader(world, {}, keys.sibling),
      'without kid, by one of several keys that fit': (world) => withHeader(world, { kid: undefined }),
      'without kid, by a key without kid': (world) => withHeader(world, { kid: undefined }, keys.nameless),
    },
    // ECDSA signatures are malleable, and no RFC requires the lower s. The server never identifies a token by its
    // signature.
    'RFC 7518 §3.4': { 'with s mirrored at the group order': withNumbers((r, s) => [r, n - s]) },
  }),
  ...accepted('A-4', { 'RFC 9068 §4': { "by the other issuer's key, under its own iss": ofOther } }),

  ...refused('A-4', /three base64url segments/, {
    'RFC 8725 §3.2': {
      'alg none, unsigned': unsigned('none'),
      'alg None, unsigned': unsigned('None'),
      'alg NONE, unsigned': unsigned('NONE'),
      'alg nOnE, unsigned': unsigned('nOnE'),
      'alg ES256, unsigned': unsigned('ES256'),
    },
  }),
  ...refused('A-4', /algorithm/, {
    'RFC 8725 §3.2': {
      'alg none, signed': dressed('none'),
      'alg NONE, signed': dressed('NONE'),
      'alg nOnE, signed': dressed('nOnE'),
    },
    'RFC 7515 §4.1.1': {
      'no alg': dressed(undefined),
      'alg null': dressed(null),
      'alg a number': dressed(256),
      'alg in an array': dressed(['ES256']),
      'alg an object': dressed({ toString: 'ES256' }),
      'alg empty': dressed(''),
      'alg in lower case': dressed('es256'),
      'alg with a space behind': dressed('ES256 '),
      'alg with a null character behind': dressed('ES256\u0000'),
      'alg __proto__': dressed('__proto__'),
      'alg constructor': dressed('constructor'),
      'alg toString': dressed('toString'),
    },
    'RFC 8725 §3.1': {
      'alg ES256K, off the list': dressed('ES256K'),
      'alg RS1, off the list': dressed('RS1'),
      'alg RSA-OAEP, which encrypts': dressed('RSA-OAEP'),
      'alg dir, which encrypts': dressed('dir'),
      'alg ML-DSA-44, off the list': dressed('ML-DSA-44'),
    },
    'RFC 8725 §2.1': {
      'HS256 keyed with the ES256 public key as PEM': hmac(pem(es256)),
      'HS256 keyed with the ES256 public key as DER': hmac(der(es256)),
      'HS256 keyed with the ES256 public key as JWK': hmac(JSON.stringify(es256.publicJwk)),
      'HS256 keyed with the RS256 public key as PEM': hmac(pem(rs256), rs256.kid),
      'HS256 keyed with the RS256 public key as PEM, trimmed': hmac(String(pem(rs256)).trim(), rs256.kid),
      'HS256 keyed with the RS256 public key as DER': hmac(der(rs256), rs256.kid),
      'HS256 keyed with the RS256 modulus': hmac(Buffer.from(rs256.publicJwk.n ?? '', 'base64url'), rs256.kid),
      'HS512 keyed with the RS256 public key as PEM': hmac(pem(rs256), rs256.kid, 'HS512'),
      'HS256 keyed with an empty secret': hmac(''),
      'HS256 keyed with an octet key of the set': hmac(Buffer.from(published.k, 'base64url'), published.kid),
    },
  }),
  ...refused('A-4', /signature/, {
    'RFC 7518 §3.4': {
      'an ECDSA signature in DER': resigned(es256, (_, input) =>
        signBytes('sha256', Buffer.from(input), es256.privateKey),
      ),
      'an ECDSA signature with r zero': withNumbers((_, s) => [0n, s]),
      'an ECDSA signature with s zero': withNumbers((r) => [r, 0n]),
      'an ECDSA signature of zeros (CVE-2022-21449)': withNumbers(() => [0n, 0n]),
      'an ECDSA signature of ones': withNumbers(() => [1n, 1n]),
      'an ECDSA signature with r the group order': withNumbers((_, s) => [n, s]),
      'an ECDSA signature with s the group order': withNumbers((r) => [r, n]),
      'an ECDSA signature with both the group order': withNumbers(() => [n, n]),
      'an ECDSA signature with r above the group order': withNumbers((_, s) => [n + 1n, s]),
      'an ECDSA signature with s all ones': withNumbers((r) => [r, 2n ** 256n - 1n]),
      'an ECDSA signature with r and s exchanged': withNumbers((r, s) => [s, r]),
      'an ECDSA signature with r mirrored': withNumbers((r, s) => [n - r, s]),
      'an ECDSA signature cut by a byte': resigned(es256, (good) => good.subarray(0, 63)),
      'an ECDSA signature cut in half': resigned(es256, (good) => good.subarray(0, 32)),
      'an ECDSA signature of one byte': resigned(es256, (good) => good.subarray(0, 1)),
      'an ECDSA signature lengthened by a byte': resigned(es256, (good) => Buffer.concat([good, Buffer.alloc(1)])),
      'an ECDSA signature with a byte put before it': resigned(es256, (good) => Buffer.concat([Buffer.alloc(1), good])),
      'an ECDSA signature doubled': resigned(es256, (good) => Buffer.concat([good, good])),
      'an ECDSA signature padded to the length of ES384': resigned(es256, (good) =>
        Buffer.concat([Buffer.alloc(16), good.subarray(0, 32), Buffer.alloc(16), good.subarray(32)]),
      ),
      'an ES384 signature padded by a byte': resigned(es384, (good) => Buffer.concat([good, Buffer.alloc(1)])),
      'an ES512 signature cut to 64 bytes': resigned(es512, (good) => good.subarray(0, 64)),
    },
    'RFC 7518 §3.3': {
      'an RSA signature cut by a byte': resigned(rs256, (good) => good.subarray(0, 255)),
      'an RSA signature with a zero before it': resigned(rs256, (good) => Buffer.concat([Buffer.alloc(1), good])),
      'an RSA signature with a zero after it': resigned(rs256, (good) => Buffer.concat([good, Buffer.alloc(1)])),
      'an RSA signature of zeros': resigned(rs256, (good) => Buffer.alloc(good.length)),
      'an RSA signature of one': resigned(rs256, (good) => bytesOf(1n, good.length)),
      'an RSA signature above the modulus': resigned(rs256, (good) => Buffer.alloc(good.length, 0xff)),
      'an RSA signature plus the modulus': resigned(rs256, (good) =>
        bytesOf(big(good) + big(Buffer.from(rs256.publicJwk.n ?? '', 'base64url')), good.length + 1),
      ),
      'an RSA signature with its last bit flipped': flipped(rs256, -1),
      'RS256 over SHA-512': under('RS256', rs256, 'RS512'),
      'RS256 over SHA-1': resigned(rs256, (_, input) => signBytes('sha1', Buffer.from(input), rs256.privateKey)),
    },
    'RFC 7518 §3.5': {
      'PSS, called RS256': under('RS256', keys.open, 'PS256'),
      'PKCS #1 v1.5, called PS256': under('PS256', keys.open, 'RS256'),
      'PSS with a salt of no length': resigned(ps256, (_, input) =>
        signBytes('sha256', Buffer.from(input), { key: ps256.privateKey, padding: 6, saltLength: 0 }),
      ),
    },
    'RFC 8037 §3.1': {
      'an Ed25519 signature cut by a byte': resigned(eddsa, (good) => good.subarray(0, 63)),
      'an Ed25519 signature lengthened': resigned(eddsa, (good) => Buffer.concat([good, Buffer.alloc(1)])),
      'an Ed25519 signature of zeros': resigned(eddsa, () => Buffer.alloc(64)),
      'an Ed25519 signature with its first bit flipped': flipped(eddsa, 0),
    },
    'RFC 8032 §5.1.7': {
      'an Ed25519 signature with S plus the group order': resigned(eddsa, (good) => {
        const s = big(good.subarray(32).toReversed()) + l;
        return Buffer.concat([good.subarray(0, 32), bytesOf(s).toReversed()]);
      }),
    },
    'RFC 7515 §5.2': {
      'a flipped bit in the signature': flipped(es256, 40),
      'the signature of another payload': (world) => {
        const [, , foreign] = sign(es256, { payload: claimsOf(world, { scope: 'admin' }) }).split('.');
        return `${withHeader(world, {}).split('.', 2).join('.')}.${foreign}`;
      },
      'the signature of another header': (world) => {
        const [, , foreign] = withHeader(world, { x: 1 }).split('.');
        return `${withHeader(world, {}).split('.', 2).join('.')}.${foreign}`;
      },
      'the payload exchanged': (world) => {
        const [header, , good] = withHeader(world, {}).split('.');
        return `${header}.${encode(claimsOf(world, { scope: 'admin' }))}.${good}`;
      },
      'the signature of the payload alone': (world) => {
        const [header, payload = ''] = withHeader(world, {}).split('.');
        return `${header}.${payload}.${signature(es256, payload)}`;
      },
    },
    'RFC 7515 §6': {
      "by a stranger's key under a kid of the set": (world) => withHeader(world, { kid: es256.kid }, stranger),
      "by a stranger's key under the kid of two keys": (world) => withHeader(world, { kid: 'twin' }, stranger),
      "by a stranger's key, without kid": (world) => withHeader(world, { kid: undefined }, stranger),
      'by another key of the issuer under this kid': (world) => withHeader(world, { kid: es256.kid }, keys.twin),
    },
    'RFC 9068 §4': {
      "by the other issuer's key that has our kid, under our iss": (world) =>
        withHeader(world, {}, keys.otherWithOurKid),
      'by our key, under the iss of the other issuer, who has a key of that kid': (world) => ofOther(world, {}, es256),
    },
  }),
  ...refused('A-4', /no key|could not be verified|signature/, {
    'RFC 9068 §4': {
      "by the other issuer's key under our iss": (world) => withHeader(world, {}, keys.other),
      'by our key under the iss of the other issuer': (world) => ofOther(world, {}, keys.twin),
    },
    'RFC 7517 §4.2': { 'by a key that is for encryption (use)': (world) => withHeader(world, {}, keys.encrypting) },
    'RFC 7517 §4.3': {
      'by a key that is for signing alone (key_ops)': (world) => withHeader(world, {}, keys.signing),
      'by a key that is for wrapping keys (key_ops)': (world) => withHeader(world, {}, keys.wrapping),
    },
    'RFC 7517 §4.4': {
      'by a P-256 key that says ES384, called ES256': (world) => withHeader(world, {}, keys.misnamed),
      'by a P-256 key that says ES384, called ES384': (world) => withHeader(world, { alg: 'ES384' }, keys.misnamed),
      'PS256 by a key for RS256': under('PS256', rs256, 'PS256'),
      'RS256 by a key for PS256': under('RS256', ps256, 'RS256'),
      'RS512 by a key for RS256': under('RS512', rs256, 'RS512'),
      'EdDSA by a key for key agreement': (world) => withHeader(world, {}, keys.agreeing),
      'ES256 under the kid of an RSA key': (world) => withHeader(world, { kid: rs256.kid }),
      'RS256 under the kid of an elliptic key': (world) => withHeader(world, { kid: es256.kid }, rs256),
      'ES384 by a P-256 key': under('ES384', es256, 'ES384'),
      'under the kid of an octet key': (world) => withHeader(world, { kid: published.kid }),
      'under the kid of a key that is not a point': (world) => withHeader(world, { kid: 'no point' }),
    },
    'RFC 7517 §4.5': { "by a stranger's key": (world) => withHeader(world, {}, stranger) },
  }),
];
