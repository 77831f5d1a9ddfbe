import { hkdfSync } from 'node:crypto';

/** How long the library issues the same nonce. */
const stepSeconds = 60;
/** The steps whose nonces the library accepts, relative to the present step. */
const acceptedOffsets = [-2, -1, 0, 1, 2];

/**
 * Computes the nonces that the library requires at the token endpoint. Our API requires the same nonces, because a
 * client stores one nonce for each origin. With two kinds of nonces, it would need a further round trip at each change
 * between the token endpoint and our API.
 *
 * @param secret the secret from which the library derives its nonces
 * @param now milliseconds since the epoch
 */
export function providerNonces(
  secret: Buffer,
  now: () => number,
): { current(): string; accepts(nonce: unknown): boolean } {
  const presentStep = () => Math.floor(now() / 1_000 / stepSeconds);
  const nonceOf = (step: number) => {
    const salt = Buffer.alloc(8);
    salt.writeBigUInt64BE(BigInt(step));
    return Buffer.from(hkdfSync('sha256', secret, salt, 'DPoP', 32)).toString('base64url');
  };
  return {
    current: () => nonceOf(presentStep() + 1),
    accepts: (nonce) => acceptedOffsets.some((offset) => nonce === nonceOf(presentStep() + offset)),
  };
}
