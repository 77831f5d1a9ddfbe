import { anonymous, type Principal } from '../../../principal.ts';
import { isRecord } from '../../../protocol/record.ts';
import { scopeTokens } from '../../../protocol/scope.ts';
import type { Judge } from '../verdict/judge.ts';
import type { Persona } from './persona.ts';
import type { FindPersonas } from './short-of.ts';

/** A token that was given for an attack on a running server. */
export interface GivenToken {
  readonly name: string;
  readonly token: string;
}

const grants = { owners: new Set<string>(), policies: new Set<string>() };

/** The persona without a token. */
export const withoutToken: Persona = { name: 'without a token', caller: null, principal: anonymous, grants };

/**
 * Reads the claims of a token. Its signature is not verified: the server that is attacked does this.
 *
 * @returns null if it is no JWT
 */
export function personaOfToken({ name, token }: GivenToken): Persona | null {
  const [, payload = '', signature] = token.split('.');
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!isRecord(claims) || signature === undefined) return null;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { iss, sub, client_id: client, azp, scope, scp, exp } = claims;
  const subject = text(sub);
  const clientId = text(client) || text(azp);
  const scopes = Array.isArray(scp) ? scp.map(text) : scopeTokens(text(scope) || text(scp));
  const token_ = { issuer: text(iss), subject, clientId, scopes: new Set(scopes), expiresAt: Number(exp) || 0, claims };
  const principal: Principal =
    subject === clientId ? { kind: 'application', ...token_ } : { kind: 'account', accountId: subject, ...token_ };
  return { name: `with the token ${name}`, caller: {}, principal, grants };
}

/** Makes the function that finds personas among those whose tokens were given. */
export function givenPersonas(judge: Judge, personas: readonly Persona[]): FindPersonas {
  return {
    within: (way, place) =>
      personas.find((one) => judge.opensForm(way, one) === 'yes' && judge.opensForm(place, one) === 'yes') ?? null,
    shortOf: (way, place) => {
      const short = personas.filter((one) => judge.opensForm(place, one) === 'no');
      const passing = short.filter((one) => judge.opensForm(way, one) === 'yes');
      return [...new Set([...passing, ...short])];
    },
  };
}
