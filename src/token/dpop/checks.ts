import { hash } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';
import type { ClaimgateError } from '../../errors.ts';
import type { Unverified } from '../checks/compact.ts';
import type { RequestTarget } from '../credential/credential.ts';
import type { Replays } from '../ports.ts';
import { publicKey } from './key.ts';
import type { Nonces } from './nonce.ts';
import { nonceNeeded, proofRefused, proofsUnavailable } from './refusal.ts';
import { normalizeTarget } from './target.ts';

/** A proof as it was presented: with which token, for which request. */
export interface PresentedProof {
  /** The value of the `DPoP` header. */
  readonly proof: string;
  /** The access token it came with, already verified. */
  readonly token: string;
  /** The thumbprint of the key that the token is bound to: its `cnf.jkt` (RFC 9449 §6.1). */
  readonly thumbprint: string;
  readonly target: RequestTarget;
}

/** A proof taken apart, and not yet believed. */
interface Proof extends PresentedProof, Pick<Unverified, 'header' | 'payload'> {
  /** The time, in milliseconds since the epoch. */
  readonly now: number;
}

/** What is asked of it. */
interface Demands {
  readonly replays: Replays;
  readonly algorithms: readonly string[];
  /** In seconds. */
  readonly window: number;
  readonly nonces: Nonces | null;
}

type Check = (proof: Proof, demands: Demands) => boolean | Promise<boolean>;

const because = (reason: string) => () => proofRefused(reason);

/**
 * The checks of a proof, in their order, and after each the number it has in RFC 9449 §4.3. What costs nothing comes first;
 * the replay store is asked last, so that only whoever has the key can put anything into it.
 */
export const checks: readonly (readonly [refusal: () => ClaimgateError, holds: Check])[] = [
  [because('its type (typ) is not dpop+jwt'), hasType], // 4
  [because('its algorithm (alg) is not accepted'), hasAlgorithm], // 5
  [because('its header has an extension (crit, b64)'), hasNoExtension], // RFC 7515 §4.1.11, RFC 7797 §7
  [because('its key (jwk) is not a public key for its algorithm'), hasPublicKey], // 7
  [because('its method (htm) is not that of the request'), hasMethod], // 8
  [because('its URL (htu) is not that of the request'), hasUrl], // 9
  [because('its time (iat) is too far from now'), isRecent], // 11
  [because('its identifier (jti) is missing, no text or too long'), hasIdentifier], // 3
  [because('it is not for this access token (ath)'), isForToken], // 12a
  [because('its key (jwk) is not the one that the access token is bound to'), hasBoundKey], // 12b
  [because('its signature does not fit'), isSigned], // 6
  [nonceNeeded, hasNonce], // 10
  [because('it was used before'), isNew], // §11.1
];

/** Media types are compared in any case, and `application/` may be left out (RFC 7515 §4.1.9). */
function hasType({ header: { typ } }: Proof): boolean {
  return typeof typ === 'string' && /^(?:application\/)?dpop\+jwt$/i.test(typ);
}

function hasAlgorithm({ header: { alg } }: Proof, { algorithms }: Demands): boolean {
  return algorithms.some((name) => name === alg);
}

function hasNoExtension({ header }: Proof): boolean {
  return !Object.hasOwn(header, 'crit') && !Object.hasOwn(header, 'b64');
}

function hasPublicKey({ header: { jwk, alg } }: Proof): boolean {
  return publicKey(jwk, alg) !== null;
}

/** RFC 9110 §9.1: methods are case-sensitive. */
function hasMethod({ payload: { htm }, target }: Proof): boolean {
  return typeof htm === 'string' && htm !== '' && htm === target.method;
}

function hasUrl({ payload: { htu }, target }: Proof): boolean {
  const named = typeof htu === 'string' ? normalizeTarget(htu) : null;
  return named !== null && named === normalizeTarget(target.url);
}

function isRecent({ payload: { iat }, now }: Proof, { window }: Demands): boolean {
  return typeof iat === 'number' && Math.abs(now / 1000 - iat) <= window;
}

/** Longer than any identifier that somebody would draw, and short enough to be hashed in no time. */
const longestIdentifier = 256;

function hasIdentifier({ payload: { jti } }: Proof): boolean {
  return typeof jti === 'string' && jti !== '' && jti.length <= longestIdentifier;
}

/** RFC 9449 §4.2: the hash of the ASCII bytes of the token, in base64url. */
function isForToken({ payload: { ath }, token }: Proof): boolean {
  return ath === hash('sha256', token, 'base64url');
}

/** Before the signature: a key that is not the token's is never imported, whatever it is made of. */
async function hasBoundKey({ header: { jwk, alg }, thumbprint }: Proof): Promise<boolean> {
  const key = publicKey(jwk, alg);
  return key !== null && (await calculateJwkThumbprint(key, 'sha256')) === thumbprint;
}

async function isSigned({ proof, header: { jwk, alg }, now }: Proof, { window }: Demands): Promise<boolean> {
  const key = publicKey(jwk, alg);
  if (key === null || typeof alg !== 'string') return false;
  try {
    // `exp` and `nbf` are none of a proof's claims, but where its maker says that it is no good, it is none.
    const limits = { currentDate: new Date(now), clockTolerance: window };
    await jwtVerify(proof, await importJWK(key, alg), { algorithms: [alg], ...limits });
    return true;
  } catch {
    return false;
  }
}

function hasNonce({ payload: { nonce } }: Proof, { nonces }: Demands): boolean {
  return nonces === null || nonces.accepts(nonce);
}

/** Beyond the last moment at which a proof is accepted here, for replicas whose clocks are behind, in seconds. */
const clockSpread = 60;

async function isNew({ payload: { iat, jti }, thumbprint }: Proof, { replays, window }: Demands): Promise<boolean> {
  try {
    // Of one length, so that no identifier can pass for another key's.
    const id = hash('sha256', `${thumbprint}.${String(jti)}`, 'base64url');
    return await replays.add(id, Math.ceil((Number(iat) + window + clockSpread) * 1000));
  } catch (error) {
    throw proofsUnavailable(error);
  }
}
