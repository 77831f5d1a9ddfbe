import { type ErrorCode, errorKinds } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Credential } from '../token/credential/credential.ts';
import type { ProofChecker } from '../token/dpop/proof.ts';

/** What every challenge of this server says. */
export interface ChallengeOptions {
  /** The protection space (RFC 9110 §11.5), as a person may read it. */
  readonly realm: string;
  /** URL of the protected resource metadata, where a client learns whom to ask for a token (RFC 9728 §5.1). */
  readonly resourceMetadata: string;
  /** Where an issuer binds tokens to keys: what proofs are asked for (RFC 9449 §7). Default: the `DPoP` scheme is not offered. */
  readonly proofs?: Pick<ProofChecker, 'algorithms' | 'nonce'>;
}

type Scheme = Credential['scheme'];

/** What a challenge says of the one request that it answers. */
export interface ChallengeDetails {
  /** The scheme that the request used: its challenge has the error. Default `Bearer`. */
  readonly scheme?: Scheme;
  /** What would be enough, space separated. */
  readonly scope?: string;
  /** How the person must have authenticated, in order of preference (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
  /** How long ago the person may have authenticated, in seconds (RFC 9470 §3). */
  readonly maxAge?: number;
  /**
   * What went wrong, for a developer. A challenge without an error, for a request without a token, leaves it out
   * (RFC 6750 §3.1).
   */
  readonly description?: string;
}

/**
 * The `WWW-Authenticate` value of an error code (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1).
 *
 * Whoever used no scheme or `Bearer` is told of both (RFC 9449 §7.2), unless another credential would not help (403).
 * Whoever used `DPoP` is told of it alone: nobody who can prove a key is invited to do without.
 *
 * Characters that the grammar has no room for are dropped, so that no value can end a parameter or a header.
 *
 * @returns `undefined` where the code is no matter of authentication
 */
export function challenge(
  options: ChallengeOptions,
  code: ErrorCode,
  details: ChallengeDetails = {},
): string | undefined {
  const { status, challenge: error } = errorKinds[code];
  if (error === undefined) return undefined;
  const common = [
    `realm=${quotedString(options.realm)}`,
    `resource_metadata=${quotedString(options.resourceMetadata)}`,
  ];
  const refusal = error === null ? [] : [`error="${error}"`];
  if (error !== null && details.description) refusal.push(`error_description="${plain(details.description)}"`);
  if (details.scope) refusal.push(`scope="${plain(details.scope)}"`);
  if (details.acrValues) refusal.push(`acr_values="${plain(details.acrValues.join(' '))}"`);
  if (details.maxAge !== undefined) refusal.push(`max_age="${details.maxAge}"`);
  const bearer = (parameters: readonly string[]) => `Bearer ${[...common, ...parameters].join(', ')}`;
  if (!options.proofs) return bearer(refusal);
  const algs = `algs="${plain(options.proofs.algorithms.join(' '))}"`;
  const dpop = (parameters: readonly string[]) => `DPoP ${[...common, algs, ...parameters].join(', ')}`;
  if (details.scheme === 'DPoP') return dpop(refusal);
  return status === 403 ? bearer(refusal) : `${bearer(refusal)}, ${dpop([])}`;
}

/** The scheme that a principal's token came with: one that is bound to a key is taken with its proof only. */
export function schemeOf(principal: Principal): Scheme {
  return principal.kind !== 'anonymous' && Object.hasOwn(principal.claims, 'cnf') ? 'DPoP' : 'Bearer';
}

/** RFC 9110 §5.6.4, in visible ASCII and spaces only. */
function quotedString(text: string): string {
  return `"${text.replaceAll(/[^ -~]/g, '').replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** `%x20-21 / %x23-5B / %x5D-7E`: the characters of `error_description` and `scope` (RFC 6750 §3). */
function plain(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^ !#-[\]-~]/g, '');
}
