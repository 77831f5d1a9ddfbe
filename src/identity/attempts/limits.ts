import { mapValues } from '../../protocol/record.ts';

/** A limit for wrong guesses or registrations. */
interface AttemptLimitKind {
  readonly default: number;
  /** The text about the limit in the table of provider/guessing.md. */
  readonly counts: string;
}

/**
 * How many wrong guesses are allowed, and how many applications may register themselves. `attempts.ts` has the windows
 * of time. A limit for one address also applies to the /48 around an IPv6 address, ten times as high.
 *
 * To add a limit, add a row here and use it in `attempts.ts`. The types, the configuration and the documentation are
 * derived from this table.
 */
const kinds = {
  /** Wrong passwords for one account from one address, in 15 minutes. */
  account: { default: 10, counts: 'wrong passwords for one account from one address in 15 minutes' },
  /**
   * Wrong passwords for one account from all addresses, in an hour. Beyond this limit, each address may send 3 wrong
   * passwords in 15 minutes.
   */
  accountEverywhere: {
    default: 1_000,
    counts:
      'wrong passwords for one account from all addresses in an hour; beyond this limit, each address may send 3 in 15 minutes',
  },
  /** Wrong passwords from one address, in 15 minutes. */
  address: { default: 100, counts: 'wrong passwords from one address in 15 minutes' },
  /**
   * Failed authentications of one client from one address, in 15 minutes. An invented code or refresh token counts as
   * a tenth.
   */
  client: {
    default: 30,
    counts:
      'failed authentications of one client from one address in 15 minutes; an invented code or refresh token of a public client counts as a tenth',
  },
  /**
   * Failed authentications of one client from all addresses, in an hour. Beyond this limit, each address may fail
   * 3 times in 15 minutes.
   */
  clientEverywhere: {
    default: 1_000,
    counts:
      'failed authentications of one client from all addresses in an hour; beyond this limit, each address may fail 3 times in 15 minutes',
  },
  /** Failed authentications of all clients together from one address, in 15 minutes. */
  clientAddress: {
    default: 100,
    counts: 'failed authentications of all clients together from one address in 15 minutes',
  },
  /** Applications that register themselves from one address, in an hour. */
  registration: {
    default: 20,
    counts:
      'applications that register themselves without a token, and wrong registration tokens, from one address in an hour',
  },
  /** Applications that register themselves from all addresses, in an hour. */
  registrationEverywhere: {
    default: 1_000,
    counts:
      'applications that register themselves without a token, and wrong registration tokens, from all addresses in an hour; beyond this limit, each application needs the token',
  },
} as const;

/** How many wrong guesses are allowed, and how many applications may register themselves. */
export type AttemptLimits = { readonly [Name in keyof typeof kinds]: number };

export type AttemptLimitName = keyof AttemptLimits;

/** Every limit of attempts, by its name. */
export const attemptLimitKinds: Readonly<Record<AttemptLimitName, AttemptLimitKind>> = kinds;

/** The limits that apply unless the configuration has other limits. */
export const defaultAttemptLimits: AttemptLimits = mapValues(attemptLimitKinds, (kind) => kind.default);
