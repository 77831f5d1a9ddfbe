import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/**
 * How often may be guessed wrong, and how many applications register themselves. What the windows are stands in `attempts.ts`. Where
 * it says one address, the /48 around an IPv6 address has ten times as many.
 */
export interface AttemptLimits {
  /** Wrong passwords for one account from one address, in 15 minutes. */
  readonly account: number;
  /** Wrong passwords for one account from everywhere, in an hour. Beyond, each address has three instead of `account`. */
  readonly accountEverywhere: number;
  /** Wrong passwords from one address, in 15 minutes. */
  readonly address: number;
  /** Failed authentications of one client from one address, in 15 minutes; an invented code or refresh token is a tenth of one. */
  readonly client: number;
  /** The same from everywhere, in an hour. Beyond, each address has three instead of `client`. */
  readonly clientEverywhere: number;
  /** The same of all clients from one address, in 15 minutes. */
  readonly clientAddress: number;
  /** Applications that register themselves from one address, in an hour. */
  readonly registration: number;
  /** The same from everywhere, in an hour. */
  readonly registrationEverywhere: number;
}

export type AttemptLimitName = keyof AttemptLimits;

interface AttemptLimitKind {
  readonly default: number;
  /** What is counted, for the table in provider/guessing.md. */
  readonly counts: string;
}

export const attemptLimitKinds: Readonly<Record<AttemptLimitName, AttemptLimitKind>> = {
  account: { default: 10, counts: 'wrong passwords for one account from one address in 15 minutes' },
  accountEverywhere: {
    default: 1_000,
    counts:
      'wrong passwords for one account from all addresses in an hour; beyond, each address may send 3 in 15 minutes',
  },
  address: { default: 100, counts: 'wrong passwords from one address in 15 minutes' },
  client: {
    default: 30,
    counts:
      'failed authentications of one client from one address in 15 minutes; an invented code or refresh token of a public client counts a tenth',
  },
  clientEverywhere: {
    default: 1_000,
    counts: 'the same from all addresses in an hour; beyond, each address may send 3 in 15 minutes',
  },
  clientAddress: { default: 100, counts: 'the same of all clients from one address in 15 minutes' },
  registration: {
    default: 20,
    counts: 'applications that register themselves without a token, and wrong tokens, from one address in an hour',
  },
  registrationEverywhere: {
    default: 1_000,
    counts: 'the same from all addresses in an hour; beyond, each application needs the token',
  },
};

/** The limits where nothing else is configured. */
export const defaultAttemptLimits: AttemptLimits = {
  account: attemptLimitKinds.account.default,
  accountEverywhere: attemptLimitKinds.accountEverywhere.default,
  address: attemptLimitKinds.address.default,
  client: attemptLimitKinds.client.default,
  clientEverywhere: attemptLimitKinds.clientEverywhere.default,
  clientAddress: attemptLimitKinds.clientAddress.default,
  registration: attemptLimitKinds.registration.default,
  registrationEverywhere: attemptLimitKinds.registrationEverywhere.default,
};

/** The most that a limit can be set to: beyond it is none. */
const most = 1_000_000;

/** What is wrong with `attempts` of the configuration file. */
export function* attemptLimitFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'attempts: expected an object';
    return;
  }
  for (const [name, limit] of Object.entries(value)) {
    if (!Object.hasOwn(attemptLimitKinds, name)) {
      const names = Object.keys(attemptLimitKinds);
      yield `attempts.${name}: there is no such limit; expected ${names.join(', ')}${nearestHint(name, names)}`;
    } else if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > most) {
      yield `attempts.${name}=${String(limit)}: expected a whole number from 1 to ${most}`;
    }
  }
}
