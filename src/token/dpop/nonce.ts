import { createHmac } from 'node:crypto';

/** The options of nonces. */
export interface NonceOptions {
  /**
   * At least 32 random bytes. All replicas must use the same bytes. Otherwise a replica refuses the nonces of the
   * others.
   */
  readonly secret: Uint8Array;
  /**
   * The time after which a new nonce replaces the current nonce, in seconds, 1 to 3600. The old nonce is accepted for
   * one more rotation. Default 150.
   */
  readonly rotationSeconds?: number;
}

/** Nonces that cannot be predicted and need no storage (RFC 9449 §8, §9). */
export interface Nonces {
  current(): string;
  /**
   * Whether a nonce is the current, the previous or the next nonce. A replica with a fast clock may have sent the next
   * nonce.
   */
  accepts(nonce: unknown): boolean;
}

/** @param clock - milliseconds since the epoch */
export function createNonces({ secret, rotationSeconds = 150 }: NonceOptions, clock: () => number): Nonces {
  const step = () => Math.floor(clock() / (rotationSeconds * 1000));
  const nonceOf = (step: number) =>
    // The prefix `DPoP-Nonce` separates nonces from other uses of the secret.
    createHmac('sha256', secret).update(`DPoP-Nonce ${step}`).digest('base64url');
  return {
    current: () => nonceOf(step()),
    accepts(nonce) {
      const present = step();
      // A comparison in constant time is not needed, because any client can get a nonce.
      return [present, present - 1, present + 1].some((step) => nonce === nonceOf(step));
    },
  };
}
