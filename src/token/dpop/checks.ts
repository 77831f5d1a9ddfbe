import { hash } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';
import type { ClaimgateError } from '../../errors.ts';
import type { ParsedToken } from '../checks/compact.ts';
import type { RequestTarget } from '../credential/credential.ts';
import type { Replays } from '../ports.ts';
import { publicKey } from './key.ts';
import type { Nonces } from './nonce.ts';
import type { CheckName } from '../checks/stages.ts';
import { clockSpreadSeconds } from './settings.ts';
import { nonceNeeded, proofRefused, proofsUnavailable } from './refusal.ts';
import { normalizeTarget } from './target.ts';

/** A proof, and the token and request with which it was sent. */
export interface PresentedProof {
  /** The value of the `DPoP` header. */
  readonly proof: string;
  /** The access token of the request. It is already verified. */
  readonly token: string;
  /** The value of `cnf.jkt` in the token: the thumbprint of the key to which the token is bound (RFC 9449 §6.1). */
  readonly thumbprint: string;
  readonly target: RequestTarget;
}

/** A parsed proof. Nothing has been verified yet. */
interface Proof extends PresentedProof, Pick<ParsedToken, 'header' | 'payload'> {
  /** The time, in milliseconds since the epoch. */
  readonly now: number;
}

/** The settings and stores that the checks use. */
interface Demands {
  readonly replays: Replays;
  readonly algorithms: readonly string[];
  /** How far `iat` may be from the current time, in seconds. */
  readonly windowSeconds: number;
  readonly nonces: Nonces | null;
}

type Holds = (proof: Proof, demands: Demands) => boolean | Promise<boolean>;

/** One requirement of a proof. */
interface ProofCheck extends CheckName {
  /** @throws ClaimgateError if the proof does not meet the requirement, or if the check cannot be made */
  readonly check: (proof: Proof, demands: Demands) => void | Promise<void>;
}

/**
 * The checks of a proof in their order. The number in brackets is the number in the list of RFC 9449 §4.3. Cheap checks
 * are first. The check against replay is last. Therefore only a sender that has the key can add entries to the store.
 */
export const checks: readonly ProofCheck[] = [
  row('type (typ)', '§4.3 (4)', hasType, 'its type (typ) is not dpop+jwt'),
  row('algorithm (alg)', '§4.3 (5)', hasAlgorithm, 'its algorithm (alg) is not accepted'),
  // RFC 7515 §4.1.11, RFC 7797 §7.
  row('extensions (crit, b64)', '§4.3 (2)', hasNoExtension, 'its header has an extension (crit, b64)'),
  row('public key (jwk)', '§4.3 (7)', hasPublicKey, 'its key (jwk) is not a public key for its algorithm'),
  row('method (htm)', '§4.3 (8)', hasMethod, 'its method (htm) is not that of the request'),
  row('URL (htu)', '§4.3 (9)', hasUrl, 'its URL (htu) is not that of the request'),
  row('time (iat)', '§4.3 (11)', isRecent, 'its time (iat) is too far from now'),
  row('identifier (jti)', '§4.3 (3)', hasIdentifier, 'its identifier (jti) is missing, no text or too long'),
  row('access token (ath)', '§4.3 (12a)', isForToken, 'it is not for this access token (ath)'),
  row('bound key', '§4.3 (12b)', hasBoundKey, 'its key (jwk) is not the one that the access token is bound to'),
  row('signature', '§4.3 (6)', isSigned, 'its signature does not fit'),
  row('nonce', '§4.3 (10)', hasNonce, nonceNeeded),
  row('replay', '§11.1', isNew, 'it was used before'),
];

/**
 * @param section - of RFC 9449
 * @param refusal - the reason in the error message, as the end of a sentence; or a function that makes the error
 */
function row(name: string, section: string, holds: Holds, refusal: string | (() => ClaimgateError)): ProofCheck {
  const judge = (isHeld: boolean): void => {
    if (!isHeld) throw typeof refusal === 'string' ? proofRefused(refusal) : refusal();
  };
  return {
    name,
    section: `RFC 9449 ${section}`,
    check(proof, demands) {
      const held = holds(proof, demands);
      return typeof held === 'boolean' ? judge(held) : held.then(judge);
    },
  };
}

/** Case and the prefix `application/` are ignored (RFC 7515 §4.1.9). */
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

function isRecent({ payload: { iat }, now }: Proof, { windowSeconds }: Demands): boolean {
  return typeof iat === 'number' && Math.abs(now / 1000 - iat) <= windowSeconds;
}

/** The longest accepted identifier, in characters. */
const longestIdentifier = 256;

function hasIdentifier({ payload: { jti } }: Proof): boolean {
  return typeof jti === 'string' && jti !== '' && jti.length <= longestIdentifier;
}

/** RFC 9449 §4.2: `ath` is the SHA-256 hash of the token's ASCII bytes, in base64url. */
function isForToken({ payload: { ath }, token }: Proof): boolean {
  return ath === hash('sha256', token, 'base64url');
}

/**
 * This check runs before the signature is verified. Therefore the verifier imports only the key to which the token is
 * bound.
 */
async function hasBoundKey({ header: { jwk, alg }, thumbprint }: Proof): Promise<boolean> {
  const key = publicKey(jwk, alg);
  return key !== null && (await calculateJwkThumbprint(key, 'sha256')) === thumbprint;
}

async function isSigned({ proof, header: { jwk, alg }, now }: Proof, { windowSeconds }: Demands): Promise<boolean> {
  const key = publicKey(jwk, alg);
  if (key === null || typeof alg !== 'string') return false;
  try {
    // RFC 9449 defines no `exp` or `nbf` for proofs. If a proof has them, they are enforced.
    const limits = { currentDate: new Date(now), clockTolerance: windowSeconds };
    await jwtVerify(proof, await importJWK(key, alg), { algorithms: [alg], ...limits });
    return true;
  } catch {
    return false;
  }
}

function hasNonce({ payload: { nonce } }: Proof, { nonces }: Demands): boolean {
  return nonces === null || nonces.accepts(nonce);
}

async function isNew(
  { payload: { iat, jti }, thumbprint }: Proof,
  { replays, windowSeconds }: Demands,
): Promise<boolean> {
  try {
    // All thumbprints have the same length. Therefore two different pairs of thumbprint and identifier never give the
    // same text.
    const id = hash('sha256', `${thumbprint}.${String(jti)}`, 'base64url');
    return await replays.add(id, Math.ceil((Number(iat) + windowSeconds + clockSpreadSeconds) * 1000));
  } catch (error) {
    throw proofsUnavailable(error);
  }
}
