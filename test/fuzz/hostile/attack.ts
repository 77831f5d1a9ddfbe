import type { Random } from '../random.ts';
import type { Target } from './targets.ts';

/**
 * One hostile act. It resolves with a short label of its outcome, for the report. It rejects with {@link Hang} if a due
 * answer does not come.
 */
export type Attack = (target: Target, random: Random) => Promise<string>;

/** Returns an address for `X-Forwarded-For`, which the server trusts. */
export function anyAddress(random: Random): string {
  if (random.below(3) > 0) return `203.0.${random.below(256)}.${random.below(256)}`;
  return `2001:db8:${random.below(65_536).toString(16)}:${random.below(65_536).toString(16)}::1`;
}

const credentials = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer x',
  'Basic eDp5',
  'DPoP a.b.c',
  `Bearer ${'a'.repeat(7_000)}`,
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'Bearer eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Ii4uLy4uLyJ9.e30.AAAA',
];

/** Returns a random value for `Authorization`. */
export function anyCredential(random: Random): string {
  if (random.below(2) === 0) return random.pick(credentials);
  const part = (): string => random.bytes(random.below(60)).toString('base64url');
  return `Bearer ${part()}.${part()}.${part()}`;
}
