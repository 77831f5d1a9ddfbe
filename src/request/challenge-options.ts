import { StartError } from '../errors.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { aString, expectsKind, seconds, strings, withFunctions } from '../protocol/options/kinds.ts';
import type { Check, Settings } from '../protocol/options/object.ts';
import { isStrings } from '../protocol/options/values.ts';
import { isRecord } from '../protocol/record.ts';
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
  readonly proofs?: Pick<ProofChecker, 'algorithms' | 'nonce' | 'requiresNonce'>;
}

/** The values of a challenge that depend on the request. */
export interface ChallengeDetails {
  /** The scheme of the request. The challenge of this scheme has the error. Default `Bearer`. */
  readonly scheme?: Credential['scheme'];
  /** The needed scopes, separated by spaces. */
  readonly scope?: string;
  /** The accepted authentication contexts, in order of preference (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
  /** The maximum age of the authentication, in seconds (RFC 9470 §3). */
  readonly maxAgeSeconds?: number;
  /** A description of the error for a developer. It is not sent if the request has no token (RFC 6750 §3.1). */
  readonly description?: string;
}

const expectedProofs = 'the result of createProofChecker, with the function nonce and the member algorithms';

/** The options of a challenge. */
export const challengeSettings: Settings<ChallengeOptions> = {
  realm: { check: aString, required: true },
  resourceMetadata: { check: aString, required: true },
  proofs: {
    check: expectsKind(
      expectedProofs,
      (value) => isRecord(value) && typeof value['nonce'] === 'function' && isStrings(value['algorithms']),
    ),
  },
};

const ignored: Check = () => [];

/** The other options of `createContext` are allowed, so that a program can use one object for both functions. */
const checkChallenge = optionsOf<ChallengeOptions & { verifier?: unknown; url?: unknown; remedy?: unknown }>({
  ...challengeSettings,
  verifier: { check: ignored },
  url: { check: ignored },
  remedy: { check: ignored },
});

const checkDetails = optionsOf<ChallengeDetails>(
  {
    scheme: { check: expectsKind('"Bearer" or "DPoP"', (value) => value === 'Bearer' || value === 'DPoP') },
    scope: { check: aString },
    acrValues: { check: strings },
    maxAgeSeconds: { check: seconds() },
    description: { check: aString },
  },
  { maxAge: 'maxAgeSeconds, in seconds as before' },
);

const checkGuarded = withFunctions('the result of createGuardedSchema', 'decideOperation');

/** Checks the options of a challenge. @param name - the name of the function @throws StartError with all faults */
export function checkChallengeOptions(name: string, options: unknown): void {
  checkOptions(name, options, checkChallenge);
}

/** Checks the arguments of `challenge`. @throws StartError with all faults */
export function checkChallengeArguments(options: unknown, details: unknown): void {
  stopOn([...checkChallenge(options, 'challenge', {}), ...checkDetails(details, 'challenge', {})]);
}

/**
 * Checks the arguments of a function that makes the check of operations.
 *
 * @param name - the name of the function, with which each fault begins
 * @throws StartError with all faults
 */
export function checkPlanArguments(name: string, guarded: unknown, options: unknown): void {
  const example = `${name}(api, api.challenge) with the result of createGuardedApi`;
  const missing = `${name}: expected the options of the challenge as its second argument, such as ${example}; found nothing`;
  const faults = options === undefined ? [missing] : checkChallenge(options, name, {});
  stopOn([...checkGuarded(guarded, name, {}), ...faults]);
}

function stopOn(faults: readonly string[]): void {
  if (faults.length > 0) throw new StartError(faults);
}
