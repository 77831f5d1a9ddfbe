import { type SigningAlgorithm, signingAlgorithms } from '../../identity/keys/signing-keys.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/** The keys that the embedded authorization server signs with. */
export interface KeysEntry {
  /** Of keys made from now on: the present one signs until it is replaced. Default ES256. */
  readonly algorithm?: SigningAlgorithm;
  /** After how long a key is replaced, in seconds; 0: only by command. Default 7,776,000: 90 days. */
  readonly rotateEvery?: number;
  /** For how long a new key is published before it signs, in seconds, 2 or more. Default 86,400: a day. */
  readonly publishFor?: number;
}

const day = 24 * 60 * 60;

export const defaultKeys: Required<KeysEntry> = { algorithm: 'ES256', rotateEvery: 90 * day, publishFor: day };

const expectations: Readonly<
  Record<keyof KeysEntry, { readonly expected: string; readonly valid: (value: unknown) => boolean }>
> = {
  algorithm: {
    expected: `one of ${signingAlgorithms.join(', ')}`,
    valid: (value) => signingAlgorithms.some((name) => name === value),
  },
  rotateEvery: { expected: 'a whole number of seconds, or 0', valid: (value) => isWhole(value, 0) },
  publishFor: { expected: 'a whole number of seconds, 2 or more', valid: (value) => isWhole(value, 2) },
};

/** What is wrong with the settings, each by its name. */
export function* keysFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'keys: expected an object';
    return;
  }
  let faulty = false;
  for (const [key, setting] of Object.entries(value)) {
    const known = Object.keys(expectations);
    if (!isKey(key)) yield `keys.${key}: there is no such key; expected ${known.join(', ')}${nearestHint(key, known)}`;
    else if (!isAbsentOrValid(key, setting)) {
      faulty = true;
      yield `keys.${key}=${String(setting)}: expected ${expectations[key].expected}`;
    }
  }
  if (faulty) return;
  const { rotateEvery, publishFor }: Required<KeysEntry> = { ...defaultKeys, ...value };
  if (rotateEvery !== 0 && rotateEvery <= publishFor) {
    yield `keys.rotateEvery=${rotateEvery}: expected more than keys.publishFor=${publishFor}, or 0`;
  }
}

function isWhole(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function isKey(key: string): key is keyof KeysEntry {
  return Object.hasOwn(expectations, key);
}

function isAbsentOrValid(key: keyof typeof expectations, setting: unknown): boolean {
  return setting === undefined || expectations[key].valid(setting);
}
