import type { Issuer } from '../issuers/issuer.ts';
import type { Parsed } from './compact.ts';

/** What a check is called. */
export interface CheckName {
  /** What it is about, in a few words. */
  readonly name: string;
  /** The section of the specification that asks for it. */
  readonly section: string;
}

/** A check that takes a token from one stage to the next. */
export interface Step<Given extends readonly unknown[], Made> extends CheckName {
  /** @throws ClaimgateError `INVALID_TOKEN` where the check fails, `KEYS_UNAVAILABLE` where the keys are not available */
  readonly check: (...given: Given) => Made;
}

/** A check that makes nothing: it passes or throws. */
export type Check<Subject> = Step<readonly [subject: Subject], void>;

/** A parsed token whose `iss` is configured. Nothing else has been verified yet. */
export interface Candidate extends Parsed {
  readonly token: string;
  readonly issuer: Issuer;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A candidate whose signature was verified. Its claims have not been read yet. */
export interface Signed extends Candidate {
  /** The thumbprint of the key that signed it. */
  readonly signer: string;
}
