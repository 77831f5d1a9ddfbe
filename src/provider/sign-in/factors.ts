import { passwordFactor } from './password.ts';
import type { Factor } from './step.ts';

/** What every sign-in takes, in this order. Further factors come after the password, or in its place. */
export const factors: readonly Factor[] = [passwordFactor];

/** The authentication context (`acr`) of a person who passed all of them: OpenID Connect leaves its name to us. */
export function contextOf(passed: readonly Pick<Factor, 'amr'>[]): string {
  return `urn:claimgate:acr:${passed.map(({ amr }) => amr).join('+')}`;
}
