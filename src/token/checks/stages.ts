import type { Issuer } from '../issuers/issuer.ts';
import type { ParsedToken } from './compact.ts';

/** The name of a check, and the specification that requires it. */
export interface CheckName {
  /** The part of the token that the check reads, in a few words. */
  readonly name: string;
  /** The sections of the specifications that require the check. */
  readonly section: string;
}

/** A check that takes a token from one stage to the next. */
export interface TokenStep<Given extends readonly unknown[], Made> extends CheckName {
  /**
   * @throws ClaimgateError `INVALID_TOKEN` if the check fails, `KEYS_UNAVAILABLE` if the issuer's keys are not
   * available
   */
  readonly check: (...given: Given) => Made;
}

/** A check without a result: it returns nothing, or throws. */
export type TokenCheck<Subject> = TokenStep<readonly [subject: Subject], void>;

/** A parsed token whose `iss` is configured. Nothing else has been verified yet. */
export interface Candidate extends ParsedToken {
  readonly token: string;
  readonly issuer: Issuer;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A candidate whose signature was verified. Its claims have not been read yet. */
export interface Signed extends Candidate {
  /** The thumbprint of the key that verified the signature. */
  readonly signer: string;
}
