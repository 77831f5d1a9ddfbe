import { ClaimgateError } from '../errors.ts';
import type { VerifiedPrincipal } from '../principal.ts';
import { admissionChecks } from './checks/admission.ts';
import { type CheckName, candidateOf, checks, opening } from './checks/checks.ts';
import { readCompact } from './checks/compact.ts';
import type { Credential } from './credential/credential.ts';
import { checkIssuers } from './issuers/issuer.ts';
import { refused } from './refusal.ts';
import { verifiedToken } from './checks/verified.ts';
import type { VerifierOptions } from './verify.ts';

/** What one check says of a token. */
export type Finding = CheckName &
  (
    | { readonly outcome: 'passes' }
    /** `reason` is what the caller would be told, and holds no part of the token. */
    | { readonly outcome: 'fails'; readonly reason: string }
    /** It could not be found out: no keys, or no word of what was revoked. */
    | { readonly outcome: 'unknown'; readonly reason: string }
    /** An earlier check failed without which this one has nothing to look at. */
    | { readonly outcome: 'skipped' }
  );

/** What a verifier makes of a token, check by check, in the order in which it asks. */
export interface Explanation {
  readonly findings: readonly Finding[];
  /** Whom the token stands for; null where it is refused. */
  readonly principal: VerifiedPrincipal | null;
}

export interface ExplainOptions extends Pick<VerifierOptions, 'issuers' | 'clock' | 'revocations'> {
  /** How it is sent. `DPoP`: as if a good proof came with it, which is not checked. Default `Bearer`. */
  readonly scheme?: Credential['scheme'];
}

/**
 * Says what `createVerifier` with the same options makes of a token: it asks the same checks in the same order, and goes on
 * where that one stops.
 *
 * @throws StartError with all faults of the issuers
 */
export async function explainToken(token: string, options: ExplainOptions): Promise<Explanation> {
  const { issuers, clock = Date.now, revocations, scheme = 'Bearer' } = options;
  const trusted = checkIssuers(issuers);
  const findings: Finding[] = [];
  const ask = async <T>(name: CheckName, check: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      const answer = await check();
      findings.push({ ...nameOf(name), outcome: 'passes' });
      return answer;
    } catch (error) {
      findings.push({ ...nameOf(name), ...failure(error) });
      return undefined;
    }
  };

  const unverified = await ask(opening.form, () => readCompact(token));
  const now = Math.floor(clock() / 1_000);
  const candidate = unverified && (await ask(opening.issuer, () => candidateOf(token, unverified, trusted, now)));
  if (candidate) for (const row of checks) await ask(row, () => row.check(candidate));
  const verified = candidate && passed(findings) ? verifiedToken(candidate) : null;
  if (verified) {
    const admission = { verified, scheme, proofs: true, revocations };
    for (const row of admissionChecks) await ask(row, () => row.check(admission));
  }
  const rest = [opening.form, opening.issuer, ...checks, ...admissionChecks].slice(findings.length);
  return {
    findings: [...findings, ...rest.map((row): Finding => ({ ...nameOf(row), outcome: 'skipped' }))],
    principal: verified && passed(findings) ? verified.principal : null,
  };
}

function nameOf({ name, section }: CheckName): CheckName {
  return { name, section };
}

function passed(findings: readonly Finding[]): boolean {
  return findings.every(({ outcome }) => outcome === 'passes');
}

function failure(error: unknown): { outcome: 'fails' | 'unknown'; reason: string } {
  const told = error instanceof ClaimgateError ? error : refused('it could not be verified', error);
  return { outcome: told.code === 'INVALID_TOKEN' ? 'fails' : 'unknown', reason: told.message };
}
