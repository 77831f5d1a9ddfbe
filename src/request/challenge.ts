import { type ErrorCode, errorKinds } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Credential } from '../token/credential/credential.ts';
import { type ChallengeDetails, type ChallengeOptions, checkChallengeArguments } from './challenge-options.ts';

type Scheme = Credential['scheme'];

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
 * @throws StartError with all faults of the arguments
 */
export function challenge(
  options: ChallengeOptions,
  code: ErrorCode,
  details: ChallengeDetails = {},
): string | undefined {
  checkChallengeArguments(options, details);
  return challengeOf(options, code, details);
}

/** Does the work of `challenge`. The arguments are already checked. */
export function challengeOf(options: ChallengeOptions, code: ErrorCode, details: ChallengeDetails): string | undefined {
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
  if (details.maxAgeSeconds !== undefined) refusal.push(`max_age="${details.maxAgeSeconds}"`);
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
