import { passwordFactor } from './password.ts';
import type { Factor } from './step.ts';

/** The factors of every sign-in, in this order. Add a further factor after the password, or replace the password. */
export const factors: readonly Factor[] = [passwordFactor];

/**
 * Returns the authentication context (`acr`) of a person who passed these factors. OpenID Connect leaves the value to
 * the server.
 */
export function acrOf(passed: readonly Pick<Factor, 'amr'>[]): string {
  return `urn:claimgate:acr:${passed.map(({ amr }) => amr).join('+')}`;
}
