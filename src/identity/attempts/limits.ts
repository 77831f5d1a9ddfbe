import { mapValues } from '../../protocol/record.ts';

/** A limit for wrong guesses or for requests to register. */
interface AttemptLimitKind {
  readonly default: number;
  /** The text about the limit in the table of provider/guessing.md. */
  readonly counts: string;
}

/**
 * How many wrong guesses are allowed, and how many requests to register. `attempts.ts` has the windows of time. For a
 * limit of one address, the /48 around an IPv6 address has ten times as many points.
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
   * Failed authentications of one client from one address, in 15 minutes. If a public client sends an invented code or
   * refresh token, one of another client, or a wrong PKCE verifier, this counts as a tenth.
   */
  client: {
    default: 30,
    counts:
      'failed authentications of one client from one address in 15 minutes; for a public client, an invented code or refresh token, one of another client, or a wrong PKCE verifier counts as a tenth',
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
  /** Requests to register without the right registration token, from one address, in an hour. */
  registration: {
    default: 20,
    counts: 'requests to `/oauth/register` without the right registration token, from one address in an hour',
  },
  /** Requests to register without the right registration token, from all addresses, in an hour. */
  registrationEverywhere: {
    default: 1_000,
    counts:
      'requests to `/oauth/register` without the right registration token, from all addresses in an hour; beyond this limit, each of these requests gets 429',
  },
  /** Applications that one account registers on its account page, and client secrets that it makes there, in an hour. */
  accountApplications: {
    default: 60,
    counts:
      'applications that one account registers on the account page, and client secrets that it makes there, in an hour',
  },
} as const;

/** How many wrong guesses are allowed, and how many requests to register. */
export type AttemptLimits = { readonly [Name in keyof typeof kinds]: number };

export type AttemptLimitName = keyof AttemptLimits;

/** Every limit of attempts, by its name. */
export const attemptLimitKinds: Readonly<Record<AttemptLimitName, AttemptLimitKind>> = kinds;

/** The limits that apply unless the configuration has other limits. */
export const defaultAttemptLimits: AttemptLimits = mapValues(attemptLimitKinds, (kind) => kind.default);
