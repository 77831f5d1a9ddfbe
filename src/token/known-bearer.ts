import type { VerifiedPrincipal } from '../principal.ts';
import { createStamps } from '../protocol/stamps.ts';

/**
 * Finds the principal of a text that was sent with the Bearer scheme. The text is a token in the cache of a verifier, and
 * the function `verify` of the verifier would accept it now, without waiting. Such a text needs no check of its form,
 * because it equals a verified token. The verification was reported.
 *
 * Null: there is no such token, and nothing was reported. Call `verify`, which also finds the reason of a refusal.
 */
export type FindKnownBearer = (text: string) => VerifiedPrincipal | null;

/** The function of each verifier. A copy of a verifier, which can have another function `verify`, has none. */
const functions = createStamps<FindKnownBearer>();

/**
 * Gives a verifier its function. The function is not used if a program has replaced the member `verify`, because the new
 * function can refuse more.
 */
export function giveKnownBearers(verifier: { readonly verify: unknown }, find: FindKnownBearer): void {
  const own = verifier.verify;
  functions.set(verifier, (text) => (verifier.verify === own ? find(text) : null));
}

/** Returns the function of a verifier. Undefined: `createVerifier` did not make the verifier. */
export function knownBearersOf(verifier: object): FindKnownBearer | undefined {
  return functions.get(verifier);
}
