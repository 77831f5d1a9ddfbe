import { createPublicKey } from 'node:crypto';
import { keyTypeOf } from './algorithms.ts';
import { isRecord } from '../record.ts';

/** A public key for signatures, with only the members of RFC 7638 §3.2, in their order. */
export type PublicKeyMembers = Readonly<Record<string, string>> & { readonly kty: 'EC' | 'OKP' | 'RSA' };

/** A JWK (RFC 7517) that may verify signatures. */
export interface VerificationJwk {
  readonly members: PublicKeyMembers;
  /**
   * The `alg` of the key. The key may verify only signatures of this algorithm. Undefined: it may verify signatures of
   * every algorithm for its type of key.
   */
  readonly alg?: string;
  readonly kid?: string;
}

/** The members of a public key (RFC 7518 §6, RFC 8037 §2), in the order of RFC 7638 §3.2. `oct` is not a public key. */
const publicMembers = { EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'], RSA: ['e', 'kty', 'n'] } as const;

/**
 * The members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2, RFC 9964 §3). A public key
 * has none of them.
 */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** The length of a coordinate in bytes, by curve (RFC 7518 §6.2.1.2, RFC 8037 §2). */
const curves: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EC: { 'P-256': 32, 'P-384': 48, 'P-521': 66 },
  OKP: { Ed25519: 32 },
};

/** Returns the length of a coordinate in bytes; undefined for an unknown curve. */
export function coordinateBytes(kty: 'EC' | 'OKP', crv: string): number | undefined {
  const known = curves[kty] ?? {};
  return Object.hasOwn(known, crv) ? known[crv] : undefined;
}

/**
 * The accepted lengths of an RSA modulus, in bits. A shorter modulus is not secure (RFC 7518 §3.3). A longer modulus
 * makes a verification too slow.
 */
export const modulusBits = { least: 2_048, most: 8_192 } as const;

/**
 * The longest accepted RSA exponent, in bits. A longer exponent makes a verification slower. Keys in use have 17 bits
 * (65537) or 2 bits (3).
 */
const maxExponentBits = 32;

/** Whether a JWK contains a private or symmetric key. */
export function isSecret(jwk: Readonly<Record<string, unknown>>): boolean {
  return secretMembers.some((name) => Object.hasOwn(jwk, name));
}

/**
 * Reads a public key of another party: a member of a key set, the `jwk` of a proof, or a key that a client registers.
 *
 * Refuses a key that cannot verify a signature safely:
 *
 * - a private or symmetric key, an unknown type or curve, or another use
 * - coordinates of a wrong length, or an RSA modulus out of bounds
 * - an RSA exponent that is too long, even or below 3; with the exponent 1, each message is its own signature
 * - an Ed25519 point of small order, because some signatures are then valid for every message
 *
 * Does not check that a point is on its curve. `importJWK` and `isOnCurve` check this.
 *
 * @returns the key, or its fault as a text. The text contains no value that was sent
 */
export function readVerificationJwk(value: unknown): VerificationJwk | string {
  if (!isRecord(value)) return 'expected an object';
  if (isSecret(value)) return 'it holds a private or symmetric key: expected the public key alone';
  const { kty, use, key_ops: operations, alg, kid } = value;
  if (kty !== 'EC' && kty !== 'OKP' && kty !== 'RSA') return 'kty: expected EC, OKP or RSA';
  // A key may be used only for its declared use (RFC 7517 §4.2 to §4.4).
  if (use !== undefined && use !== 'sig') return 'use: expected sig';
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return 'key_ops: expected a list that holds verify';
  }
  if (alg !== undefined && typeof alg !== 'string') return 'alg: expected a text';
  const members: Record<string, string> = {};
  for (const name of publicMembers[kty]) {
    const member = value[name];
    if (typeof member !== 'string' || member === '') return `${name}: expected a text`;
    members[name] = member;
  }
  const fault = kty === 'RSA' ? rsaFault(members) : curveFault(kty, members);
  if (fault !== null) return fault;
  return {
    members: { ...members, kty },
    ...(alg !== undefined && { alg }),
    ...(typeof kid === 'string' && { kid }),
  };
}

/** Whether a key may verify signatures of an algorithm. The type, the curve and the `alg` of the key must fit. */
export function fitsAlgorithm({ members, alg }: VerificationJwk, algorithm: unknown): boolean {
  if (typeof algorithm !== 'string') return false;
  const wanted = keyTypeOf(algorithm);
  return wanted?.type === members.kty && wanted.curve === members['crv'] && (alg === undefined || alg === algorithm);
}

/**
 * Whether the point of a key is on its curve. True for RSA keys. Use it only for configured keys, because it imports
 * the key and is slow.
 */
export function isOnCurve({ members }: VerificationJwk): boolean {
  try {
    createPublicKey({ key: { ...members }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

function rsaFault({ n = '', e = '' }: Readonly<Record<string, string>>): string | null {
  const modulus = unsigned(n, modulusBits.most);
  const exponent = unsigned(e, maxExponentBits);
  if (!modulus || bitsOf(modulus) < modulusBits.least || !isOdd(modulus)) {
    return `n: expected an odd number of ${modulusBits.least} to ${modulusBits.most} bits`;
  }
  if (!exponent || bitsOf(exponent) < 2 || !isOdd(exponent)) {
    return `e: expected an odd number from 3, of up to ${maxExponentBits} bits`;
  }
  return null;
}

function curveFault(kty: 'EC' | 'OKP', members: Readonly<Record<string, string>>): string | null {
  const bytes = coordinateBytes(kty, members['crv'] ?? '');
  if (bytes === undefined) return `crv: expected one of ${Object.keys(curves[kty] ?? {}).join(', ')}`;
  for (const name of kty === 'EC' ? ['x', 'y'] : ['x']) {
    if (decode(members[name] ?? '', bytes)?.length !== bytes) return `${name}: expected ${bytes} bytes in base64url`;
  }
  return kty === 'OKP' && isSmallOrder(members['x'] ?? '') ? 'x: expected a point of large order' : null;
}

/**
 * The encodings of the Ed25519 points whose order divides 8, without the sign bit (RFC 8032 §5.1.2). Encodings whose y
 * is 2^255 - 19 or more are included.
 */
const smallOrder: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

function isSmallOrder(x: string): boolean {
  const point = Buffer.from(x, 'base64url');
  point[31] = (point[31] ?? 0) & 0x7f;
  return smallOrder.has(point.toString('hex'));
}

/**
 * Decodes an unsigned big-endian number and removes its leading zeros. RFC 7518 §2 forbids leading zeros, but some
 * issuers write one.
 */
function unsigned(text: string, maxBits: number): Buffer | null {
  const bytes = decode(text, maxBits / 8 + 1);
  if (!bytes) return null;
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
  return bitsOf(digits) <= maxBits ? digits : null;
}

/** Decodes base64url without padding (RFC 7515 §2). @returns null if the text is malformed or too long */
function decode(text: string, maxBytes: number): Buffer | null {
  if (text.length > Math.ceil((maxBytes * 4) / 3) || !/^[\w-]+$/.test(text)) return null;
  return Buffer.from(text, 'base64url');
}

function bitsOf(digits: Buffer): number {
  const [first] = digits;
  return first === undefined ? 0 : (digits.length - 1) * 8 + (32 - Math.clz32(first));
}

function isOdd(digits: Buffer): boolean {
  return ((digits.at(-1) ?? 0) & 1) === 1;
}
