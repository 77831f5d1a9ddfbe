import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';

/** The caller of a request, in a form that fits in a header. `null`: an anonymous caller. */
export type Caller = {
  readonly kind?: 'account' | 'application';
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Default: `alice`. `null`: the caller is from an issuer other than the primary issuer. */
  readonly accountId?: string | null;
} | null;

/** The functions that make principals. The engine under test accepts only its own principals. */
interface Makers {
  readonly anonymous: typeof anonymous;
  readonly makePrincipal: typeof makePrincipal;
}

/** Returns the principal that a verifier would make from the caller's token. */
export function principalFor(caller: Caller, makers: Makers = { anonymous, makePrincipal }): Principal {
  if (caller === null) return makers.anonymous;
  const { kind = 'account', scopes = [], claims = {}, accountId = 'alice' } = caller;
  const token = {
    issuer: 'https://issuer.example',
    subject: accountId ?? 'alice',
    clientId: 'web',
    scopes: new Set(scopes),
    expiresAt: 4_102_444_800,
    claims: Object.freeze({ ...claims }),
  };
  return makers.makePrincipal(kind === 'application' ? { kind, ...token } : { kind, ...token, accountId });
}
