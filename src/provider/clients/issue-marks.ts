import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Provider } from 'oidc-provider';

/** What is marked, by the library's names of its models. */
const models = ['AuthorizationCode', 'RefreshToken'] as const;

/** Recognizes codes and refresh tokens that were issued here. */
export interface Issued {
  /** Whether a value was issued here at some time: also where its row is gone, since it was revoked, used or expired. */
  wasIssued(value: string): boolean;
}

/** Bytes of a mark: a caller makes one up with a chance of 2^-128. */
const markBytes = 16;
const markLength = 22;

/**
 * Makes the library end each code and refresh token with a mark: a MAC over the random part before it.
 *
 * Rows of codes and tokens that have ended are deleted, and afterwards a stale token cannot be told from an invented one by the
 * database. The mark tells them apart, so that only invented ones count as guesses. It decides nothing else: a token is good by
 * its row alone.
 *
 * @param secret of this database: what another process issued is recognized too
 */
export function markIssued(provider: Provider, secret: Buffer): Issued {
  const markOf = (random: string) => createHmac('sha256', secret).update(random).digest().subarray(0, markBytes);
  for (const model of models) {
    // Its types leave out how an identifier is made.
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
