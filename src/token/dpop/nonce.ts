import { createHmac } from 'node:crypto';

/** How nonces are made. */
export interface NonceOptions {
  /** At least 32 random bytes, the same on every replica: what one of them gives, all of them know again. */
  readonly secret: Uint8Array;
  /** How long one nonce is given to all clients, in seconds, 1 to 3600. It is accepted for as long again. Default 150. */
  readonly rotation?: number;
}

/** Nonces that cannot be predicted and need no storage (RFC 9449 §8, §9). */
export interface Nonces {
  current(): string;
  /** Whether it is the current one or a neighbour: the last one, or the next, which a replica whose clock is ahead gave. */
  accepts(nonce: unknown): boolean;
}

/** @param clock - milliseconds since the epoch */
export function createNonces({ secret, rotation = 150 }: NonceOptions, clock: () => number): Nonces {
  const step = () => Math.floor(clock() / (rotation * 1000));
  const nonceOf = (step: number) =>
    // The name keeps nonces apart from other uses of the secret.
    createHmac('sha256', secret).update(`DPoP-Nonce ${step}`).digest('base64url');
  return {
    current: () => nonceOf(step()),
    accepts(nonce) {
      const present = step();
      // Any client can ask for a nonce, so a comparison in constant time would hide nothing.
      return [present, present - 1, present + 1].some((step) => nonce === nonceOf(step));
    },
  };
}
