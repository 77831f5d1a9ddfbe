import type { Settings } from '../checks/object.ts';
import { expects, isBoolean, isNumber, isStrings } from '../checks/values.ts';

/** What DPoP proofs must be like (RFC 9449). */
export interface DpopEntry {
  /**
   * Whether every proof must hold a nonce of this server (§9), which every process on its database knows. It stops proofs
   * made ahead of time, costs a second round trip after every pause, and locks out clients that know no nonces. Default false.
   */
  readonly nonce?: boolean;
  /** How far the time of a proof may be from now, before or after, in seconds, 1 to 300. Default 60. */
  readonly window?: number;
  /** The signature algorithms accepted, asymmetric ones only. Default ES256, Ed25519, EdDSA, PS256, RS256. */
  readonly algorithms?: readonly string[];
}

/** The keys of `dpop`. `token/` has their defaults and checks what the values mean. */
export const dpopSettings: Settings<DpopEntry> = {
  nonce: { check: expects('true or false', isBoolean) },
  window: { check: expects('a number of seconds, 1 to 300', isNumber) },
  algorithms: { check: expects('an array of algorithm names', isStrings) },
};
