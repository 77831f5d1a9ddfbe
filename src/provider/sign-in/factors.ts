import { passwordFactor } from './password.ts';
import type { Factor } from './step.ts';

/** The factors of every sign-in, in order. A new factor can follow the password or replace it. */
export const factors: readonly Factor[] = [passwordFactor];

/**
 * Returns the authentication context (`acr`) of a person who passed these factors. OpenID Connect lets the server
 * choose the value.
 */
export function acrOf(passed: readonly Pick<Factor, 'amr'>[]): string {
  return `urn:claimgate:acr:${passed.map(({ amr }) => amr).join('+')}`;
}
