import { hkdfSync } from 'node:crypto';

/** How long the library gives one nonce, in seconds, and how many before and after it are good as well. */
const rotation = 60;
const neighbours = [-2, -1, 0, 1, 2];

/**
 * The nonces that the library asks for at the token endpoint, for our API to ask for the same: clients keep one nonce for each
 * origin, and would lose a round trip whenever they go from one to the other.
 *
 * @param secret that the library was given
 * @param now milliseconds since the epoch
 */
export function providerNonces(
  secret: Buffer,
  now: () => number,
): { current(): string; accepts(nonce: unknown): boolean } {
  const step = () => Math.floor(now() / 1_000 / rotation);
  const nonceOf = (step: number) => {
    const salt = Buffer.alloc(8);
    salt.writeBigUInt64BE(BigInt(step));
    return Buffer.from(hkdfSync('sha256', secret, salt, 'DPoP', 32)).toString('base64url');
  };
  return {
    current: () => nonceOf(step() + 1),
    accepts: (nonce) => neighbours.some((offset) => nonce === nonceOf(step() + offset)),
  };
}
