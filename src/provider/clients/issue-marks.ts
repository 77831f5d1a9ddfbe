import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Provider } from 'oidc-provider';

/** The library's models whose values are marked. */
const models = ['AuthorizationCode', 'RefreshToken'] as const;

/** Recognizes codes and refresh tokens that were issued here. */
export interface Issued {
  /** Whether a value was ever issued here. Its row may be deleted since it was revoked or used, or expired. */
  wasIssued(value: string): boolean;
}

/** The bytes of a mark: a caller can guess one with a probability of 2^-128. */
const markBytes = 16;
/** The characters of a mark in base64url. */
const markLength = 22;

/**
 * Makes the library append a mark to each code and refresh token: a MAC over its random part.
 *
 * The rows of ended codes and tokens are deleted. After that, the database cannot show whether a token is stale or was
 * made up. The mark shows it, so that only values that were made up count as guesses. The mark has no other use: only
 * its row makes a token valid.
 *
 * @param secret shared by all processes on one database, so that each process recognizes the values that another one
 *   issued
 */
export function markIssued(provider: Provider, secret: Buffer): Issued {
  const markOf = (random: string) => createHmac('sha256', secret).update(random).digest().subarray(0, markBytes);
  for (const model of models) {
    // The library's types leave out this method.
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
