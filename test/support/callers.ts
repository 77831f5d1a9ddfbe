import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';

/** Who asks, in a form that fits in a header; `null`: nobody. */
export type Caller = {
  readonly kind?: 'account' | 'application';
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Default: `alice`. `null`: of another issuer than the primary one. */
  readonly accountId?: string | null;
} | null;

/** Who makes principals that an engine believes. */
interface Makers {
  readonly anonymous: typeof anonymous;
  readonly makePrincipal: typeof makePrincipal;
}

/** The principal that a verifier would make of the caller's token. */
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
