import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Provider } from 'oidc-provider';

/** The models of the library that get a mark. */
const models = ['AuthorizationCode', 'RefreshToken'] as const;

/** Recognizes codes and refresh tokens that were issued here. */
export interface IssueMarks {
  /** Whether a value was ever issued here. Its row may already be deleted. */
  wasIssued(value: string): boolean;
}

/** The length of a mark in bytes. A caller guesses a mark with a probability of 2^-128. */
const markBytes = 16;
/** The length of a mark in base64url characters. */
const markLength = 22;

/**
 * Makes the library append a mark to each code and refresh token. The mark is a MAC over the random part.
 *
 * The rows of ended codes and tokens are deleted. Then the mark still shows that a value was issued here. Therefore the
 * value does not count as a guess. The mark has no other use. A code or token without a row is not valid.
 *
 * @param secret shared by all processes on one database. Therefore each process recognizes the values that the other
 *   processes issued
 */
export function markIssued(provider: Provider, secret: Buffer): IssueMarks {
  const markOf = (random: string) => createHmac('sha256', secret).update(random).digest().subarray(0, markBytes);
  for (const model of models) {
    // The types of the library do not have this method.
    const prototype = provider[model].prototype as unknown as { generateTokenId: (this: object) => string };
    const { generateTokenId } = prototype;
    prototype.generateTokenId = function marked() {
      const random = generateTokenId.call(this);
      return random + markOf(random).toString('base64url');
    };
  }
  return {
    wasIssued(value) {
      const mark = Buffer.from(value.slice(-markLength), 'base64url');
      return mark.length === markBytes && timingSafeEqual(mark, markOf(value.slice(0, -markLength)));
    },
  };
}
