import { ClaimgateError } from '../errors.ts';
import type { VerifiedPrincipal } from '../principal.ts';
import { admissionChecks } from './checks/admission.ts';
import { comparisons, form, header, issuer, order, requiredClaims, signature } from './checks/checks.ts';
import type { Candidate, CheckName } from './checks/stages.ts';
import type { Credential } from './credential/credential.ts';
import { issuersByName } from './issuers/issuer.ts';
import { refused, unverified } from './refusal.ts';
import { verifiedToken } from './checks/verified.ts';
import { type VerifierOptions, verification } from './verify.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { expectsKind } from '../protocol/options/kinds.ts';

/** The result of one check of a token. */
export type Finding = CheckName &
  (
    | { readonly outcome: 'passes' }
    /** `reason` is the message that the caller would get. It contains no part of the token. */
    | { readonly outcome: 'fails'; readonly reason: string }
    /** The check did not run, because the issuer's keys or the revocations are not available. */
    | { readonly outcome: 'unknown'; readonly reason: string }
    /** The check did not run, because an earlier check failed. */
    | { readonly outcome: 'skipped' }
  );

/** The results of all checks of a token, in the order of the verifier. */
export interface Explanation {
  readonly findings: readonly Finding[];
  /** The principal of the token; null if a check did not pass. */
  readonly principal: VerifiedPrincipal | null;
}

export interface ExplainOptions extends Pick<VerifierOptions, 'issuers' | 'clock' | 'revocations'> {
  /**
   * The scheme of the `Authorization` header. With `DPoP`, a valid proof is assumed and not checked. Default `Bearer`.
   */
  readonly scheme?: Credential['scheme'];
}

const checkExplainOptions = optionsOf<ExplainOptions>({
  ...verification,
  scheme: { check: expectsKind('"Bearer" or "DPoP"', (value) => value === 'Bearer' || value === 'DPoP') },
});

/**
 * Runs the checks of `createVerifier` on a token in the same order, and reports each result. A verifier stops at the
 * first check that fails. This function also runs the later checks, except a check that needs a result of a failed
 * check. It runs the checks in `admission.ts` only if all other checks pass. It does not check a DPoP proof.
 *
 * @throws StartError with all faults of the options and the issuers
 */
export async function explainToken(token: string, options: ExplainOptions): Promise<Explanation> {
  checkOptions('explainToken', options, checkExplainOptions);
  const { issuers, clock = Date.now, revocations, scheme = 'Bearer' } = options;
  const trusted = issuersByName(issuers);
  const findings: Finding[] = [];
  const ask: Ask = async (name, check) => {
    try {
      const answer = await check();
      findings.push({ ...nameOf(name), outcome: 'passes' });
      return answer;
    } catch (error) {
      findings.push({ ...nameOf(name), ...failure(error) });
      return undefined;
    }
  };

  const parsed = await ask(form, () => form.check(token));
  const now = Math.floor(clock() / 1_000);
  const candidate = parsed && (await ask(issuer, () => issuer.check(token, parsed, trusted, now)));
  const stages = candidate && (await judge(candidate, ask));
  const verified =
    stages?.signed && stages.claims && passed(findings) ? verifiedToken(stages.signed, stages.claims) : null;
  if (verified) {
    const admission = { verified, scheme, proofs: true, revocations };
    for (const row of admissionChecks) await ask(row, () => row.check(admission));
  }
  const rest = [...order, ...admissionChecks].slice(findings.length);
  return {
    findings: [...findings, ...rest.map((row): Finding => ({ ...nameOf(row), outcome: 'skipped' }))],
    principal: verified && passed(findings) ? verified.principal : null,
  };
}

/** Runs one check and records its result. @returns what the check returned; undefined if the check threw */
type Ask = <T>(name: CheckName, check: () => T | Promise<T>) => Promise<T | undefined>;

/** Runs every check of a candidate. It continues after a check that fails. */
async function judge(candidate: Candidate, ask: Ask) {
  const hint = await ask(header, () => header.check(candidate));
  const signed = await ask(signature, () => {
    if (!hint) throw refused('its header does not say how to verify it', { claim: null, reason: 'unverified' });
    return signature.check(candidate, hint);
  });
  for (const row of comparisons) await ask(row, () => row.check(candidate));
  const claims = await ask(requiredClaims, () => requiredClaims.check(candidate));
  return { signed, claims };
}

function nameOf({ name, section }: CheckName): CheckName {
  return { name, section };
}

function passed(findings: readonly Finding[]): boolean {
  return findings.every(({ outcome }) => outcome === 'passes');
}

function failure(error: unknown): { outcome: 'fails' | 'unknown'; reason: string } {
  const refusal = error instanceof ClaimgateError ? error : unverified(error);
  return { outcome: refusal.code === 'INVALID_TOKEN' ? 'fails' : 'unknown', reason: refusal.message };
}
