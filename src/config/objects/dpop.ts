import type { Settings } from '../../protocol/options/object.ts';
import { expects, isBoolean, isNumber, isStrings } from '../../protocol/options/values.ts';

/** The requirements for DPoP proofs (RFC 9449). */
export interface DpopEntry {
  /**
   * Whether every proof must contain a nonce of this server (§9). All processes on the database accept the nonce.
   * Clients then cannot make proofs in advance, and need a second round trip after a pause of a few minutes. Clients
   * that do not support nonces are refused. Default false.
   */
  readonly nonce?: boolean;
  /** How many seconds the time of a proof may differ from the server's time, 1 to 300. Default 60. */
  readonly windowSeconds?: number;
  /**
   * The accepted signature algorithms. Only asymmetric algorithms are allowed. Default ES256, Ed25519, EdDSA, PS256,
   * RS256.
   */
  readonly algorithms?: readonly string[];
}

/** The keys of `dpop`. `token/` has the defaults, and checks the values further. */
export const dpopSettings: Settings<DpopEntry> = {
  nonce: { check: expects('true or false', isBoolean) },
  windowSeconds: { check: expects('a number of seconds, 1 to 300', isNumber) },
  algorithms: { check: expects('an array of algorithm names', isStrings) },
};
