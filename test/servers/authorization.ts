import { keys, type World } from '../conformance/token/world.ts';
import type { Caller } from '../support/callers.ts';
import { sign } from '../support/tokens.ts';
import { bearer } from './ask.ts';

/** Returns the header of a token of this caller, signed by an issuer that the server trusts. */
export function authorizationOf(caller: Caller, { issuer, other, audience, now }: World): readonly string[] {
  if (caller === null) return [];
  const { kind = 'account', scopes = [], claims = {}, accountId = 'alice' } = caller;
  const common = { aud: audience, client_id: 'web', jti: 'token-1', iat: now, exp: now + 600, scope: scopes.join(' ') };
  if (accountId === null) {
    const payload = { ...common, iss: other, sub: 'alice', ...claims };
    return bearer(sign(keys.other, { header: { typ: 'JWT' }, payload }));
  }
  const sub = kind === 'application' ? common.client_id : accountId;
  return bearer(sign(keys.es256, { payload: { ...common, iss: issuer, sub, ...claims } }));
}
