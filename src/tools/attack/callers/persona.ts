import type { Principal } from '../../../principal.ts';

/** The caller of a persona, in the form of a caller of `claimgate/testing`. */
export interface PersonaCaller {
  /** `null`: an application without a person. */
  readonly account?: string | null;
  readonly application?: string;
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly acr?: string;
  readonly authenticatedSecondsAgo?: number;
}

/** What owners and policies answer while a persona is used. */
export interface Grants {
  /** The names of fields and arguments whose value is the account of the persona. */
  readonly owners: ReadonlySet<string>;
  /** The names of the policies that allow. All others deny. */
  readonly policies: ReadonlySet<string>;
}

/** A caller with whom an attack asks. */
export interface Persona {
  /** What the persona lacks, in words: "without the scope `a`". */
  readonly name: string;
  /** `null`: a caller without a token. */
  readonly caller: PersonaCaller | null;
  readonly principal: Principal;
  readonly grants: Grants;
}

/** Makes the principal of a caller, from a token with its claims. */
export type MakePrincipal = (caller: PersonaCaller | null) => Principal;

/** The account of each persona. No data has this owner. */
export const attacker = 'claimgate-attacker';

/** The owner of all values that the attack makes. */
export const stranger = 'claimgate-stranger';

/** Writes the claims of a persona's token, without those that differ at each run. `null`: no token. */
export function claimsOf({ caller, principal }: Persona): Readonly<Record<string, unknown>> | null {
  if (caller === null || principal.kind === 'anonymous') return null;
  const { iat: _i, exp: _e, jti: _j, iss: _s, aud: _a, auth_time: _t, ...claims } = principal.claims;
  const { authenticatedSecondsAgo: ago } = caller;
  return { ...claims, ...(ago !== undefined && { auth_time: `${ago} s ago` }) };
}
