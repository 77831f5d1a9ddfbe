import { ClaimgateError } from '../errors.ts';
import type { VerifiedPrincipal } from '../principal.ts';
import { admissionChecks } from './checks/admission.ts';
import { comparisons, form, header, issuer, order, requiredClaims, signature } from './checks/checks.ts';
import type { Candidate, CheckName } from './checks/stages.ts';
import type { Credential } from './credential/credential.ts';
import { checkIssuers } from './issuers/issuer.ts';
import { refused, unverified } from './refusal.ts';
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

/** Asks one check, and notes what it says. @returns undefined where it fails */
type Ask = <T>(name: CheckName, check: () => T | Promise<T>) => Promise<T | undefined>;

/** Asks every check of a candidate, also where an earlier one failed. */
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
  const told = error instanceof ClaimgateError ? error : unverified(error);
  return { outcome: told.code === 'INVALID_TOKEN' ? 'fails' : 'unknown', reason: told.message };
}
