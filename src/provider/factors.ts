import type { ProvenAccount } from '../identity/accounts.ts';
import { passwordFactor } from './password.ts';
import type { Step } from './step.ts';

/** One thing by which people prove who they are, with a page of its own. */
export interface Factor {
  /** Last part of the path that its form posts to. */
  readonly name: string;
  /** What it adds to `amr` (RFC 8176 §2). */
  readonly amr: string;
  /** Shows its page. @param proven who passed the factors before it; null for the first one */
  readonly show: (step: Step, proven: ProvenAccount | null) => Promise<void>;
  /**
   * Judges what its form posted.
   *
   * @returns whom it proves; null where it proves nobody, and has answered
   */
  readonly judge: (step: Step, form: URLSearchParams, proven: ProvenAccount | null) => Promise<ProvenAccount | null>;
}

/** What every sign-in takes, in this order. Further factors come after the password, or in its place. */
export const factors: readonly Factor[] = [passwordFactor];

/** The authentication context (`acr`) of a person who passed all of them: OpenID Connect leaves its name to us. */
export function contextOf(passed: readonly Pick<Factor, 'amr'>[]): string {
  return `urn:claimgate:acr:${passed.map(({ amr }) => amr).join('+')}`;
}
