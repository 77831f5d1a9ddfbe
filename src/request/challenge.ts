import { type ErrorCode, errorKinds } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Credential } from '../token/credential/credential.ts';
import type { ProofChecker } from '../token/dpop/proof.ts';

/** The values that are equal in all challenges of a server. */
export interface ChallengeOptions {
  /** The protection space (RFC 9110 §11.5). It may be shown to a person. */
  readonly realm: string;
  /** The URL of the protected resource metadata (RFC 9728 §5.1). A client finds the authorization servers there. */
  readonly resourceMetadata: string;
  /**
   * The checker of DPoP proofs. It is needed if an issuer binds tokens to keys (RFC 9449 §7). Default: no challenge
   * offers the `DPoP` scheme.
   */
  readonly proofs?: Pick<ProofChecker, 'algorithms' | 'nonce'>;
}

type Scheme = Credential['scheme'];

/** The values of a challenge that depend on the request. */
export interface ChallengeDetails {
  /** The scheme of the request. The challenge of this scheme has the error. Default `Bearer`. */
  readonly scheme?: Scheme;
  /** The needed scopes, separated by spaces. */
  readonly scope?: string;
  /** The accepted authentication contexts, in order of preference (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
  /** The maximum age of the authentication, in seconds (RFC 9470 §3). */
  readonly maxAge?: number;
  /** A description of the error for a developer. It is not sent if the request has no token (RFC 6750 §3.1). */
  readonly description?: string;
}

/**
 * Returns the `WWW-Authenticate` value of an error code (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1).
 *
 * Without `proofs`, the only challenge is `Bearer`. With `proofs`, the schemes depend on the request:
 *
 * - A request with `DPoP` gets only the `DPoP` challenge. Otherwise a client with a key could try a request without a
 *   proof.
 * - A request with `Bearer`, or without a credential, gets both challenges (RFC 9449 §7.2).
 * - A request with `Bearer` that gets status 403 gets only the `Bearer` challenge, because another scheme does not
 *   help.
 *
 * Characters that the grammar does not allow are removed, escaped or replaced. Therefore no value can end a parameter
 * or a header.
 *
 * @param options - the values that are equal in all challenges of the server
 * @param details - the values of the challenge that depend on the request. Default: none
 * @returns the header value, or `undefined` if the code has no challenge
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

/** Returns the scheme of a principal's token. A token that is bound to a key (`cnf`) is accepted only with `DPoP`. */
export function schemeOf(principal: Principal): Scheme {
  return principal.kind !== 'anonymous' && Object.hasOwn(principal.claims, 'cnf') ? 'DPoP' : 'Bearer';
}

/** Quotes a text (RFC 9110 §5.6.4). Only visible ASCII characters and spaces are kept. */
function quotedString(text: string): string {
  return `"${text.replaceAll(/[^ -~]/g, '').replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * Replaces `"` by `'`, and removes the other characters that `error_description` and `scope` must not have. The allowed
 * characters are `%x20-21 / %x23-5B / %x5D-7E` (RFC 6750 §3).
 */
function plain(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[^ !#-[\]-~]/g, '');
}
