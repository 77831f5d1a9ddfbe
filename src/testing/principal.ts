import { randomUUID } from 'node:crypto';
import { anonymous, makePrincipal, type Principal } from '../principal.ts';
import { scopeTokens } from '../protocol/scope.ts';
import { deepFreeze } from '../token/cache/freeze.ts';
import { payloadOf, type TestCaller } from './caller.ts';
import { refuseInProduction } from './production.ts';

/** The issuer and the audience of callers and tokens, unless a test sets others. */
export const defaults = { issuer: 'https://issuer.test', audience: 'https://api.test/graphql', lifetimeSeconds: 600 };

/**
 * Makes the principal of a caller: the one that a verifier makes of the caller's token. Without an argument, the caller
 * is a person without scopes. It is a principal of the kit like any other, so every guarded schema accepts it. Therefore
 * it must never be called in a program that serves requests.
 *
 * @param caller - `null`: the anonymous caller
 * @throws {StartError} with each fault of the caller
 * @throws {Error} with `NODE_ENV=production`
 */
export function as(caller: TestCaller | null = {}): Principal {
  refuseInProduction('as');
  return principalOfCaller(caller);
}

/** Makes the principal of a caller, also in production, for tools that only decide rules. */
export function principalOfCaller(caller: TestCaller | null): Principal {
  if (caller === null) return anonymous;
  return principalOfPayload(payloadOf('as', caller, { ...defaults, id: randomUUID(), now: Date.now() }), true);
}

/**
 * Makes the principal of a payload of `payloadOf`.
 *
 * @param isPrimary - whether the subjects of the issuer are the accounts of the API
 */
export function principalOfPayload(payload: Readonly<Record<string, unknown>>, isPrimary: boolean): Principal {
  const { iss, sub, client_id: client, scope, exp } = payload;
  const subject = String(sub);
  const clientId = String(client);
  const token = {
    issuer: String(iss),
    subject,
    clientId,
    scopes: new Set(typeof scope === 'string' ? scopeTokens(scope) : []),
    expiresAt: Number(exp),
    claims: deepFreeze(payload),
  };
  return subject === clientId
    ? makePrincipal({ kind: 'application', ...token })
    : makePrincipal({ kind: 'account', accountId: isPrimary ? subject : null, ...token });
}
