import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/** What is asked of DPoP proofs (RFC 9449). */
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

/** The checks of its form, by key. What the values mean is checked where proofs are. */
const keys: Readonly<
  Record<keyof DpopEntry, { readonly expected: string; readonly valid: (value: unknown) => boolean }>
> = {
  nonce: { expected: 'true or false', valid: (value) => typeof value === 'boolean' },
  window: { expected: 'a number of seconds, 1 to 300', valid: (value) => typeof value === 'number' },
  algorithms: {
    expected: 'an array of algorithm names',
    valid: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  },
};

/** What is wrong with the form of the settings, each by its name. */
export function* dpopFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'dpop: expected an object';
    return;
  }
  for (const [key, setting] of Object.entries(value)) {
    const known = Object.keys(keys);
    if (!isKey(key)) yield `dpop.${key}: there is no such key; expected ${known.join(', ')}${nearestHint(key, known)}`;
    else if (setting !== undefined && !keys[key].valid(setting)) yield `dpop.${key}: expected ${keys[key].expected}`;
  }
}

function isKey(key: string): key is keyof DpopEntry {
  return Object.hasOwn(keys, key);
}
