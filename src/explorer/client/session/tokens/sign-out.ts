import { type Callers, type Environment, SessionError } from '../caller.ts';
import type { Flow } from '../sign-in/flow.ts';
import type { Held, Registry } from '../registry.ts';
import type { RememberedScopes } from '../sign-in/remembered-scopes.ts';
import { messageOf } from '../text.ts';

interface SignOut extends Pick<Callers, 'remove' | 'signOut'> {
  /** Forgets the tokens of a caller that stays in the list. Its access token is revoked. */
  readonly forgetTokens: (id: string) => void;
}

interface SignOutOptions {
  readonly registry: Registry;
  readonly flow: Flow | null;
  readonly remembered: RememberedScopes;
  readonly open: Environment['open'];
}

/** Makes the functions that forget callers and revoke their tokens. */
export function createSignOut({ registry, flow, remembered, open }: SignOutOptions): SignOut {
  /** Whether another caller of this page uses the same grant. The end of the grant would end that caller too. */
  function sharesGrant(id: string): boolean {
    const grant = registry.find(id)?.claims?.['grant_id'];
    if (grant === undefined) return false;
    return registry.signedIn().some((other) => other !== id && registry.find(other)?.claims?.['grant_id'] === grant);
  }

  function revokeAccessToken({ accessToken }: Held): void {
    // A failure changes nothing: this page no longer has the token, and the token expires soon.
    if (flow?.revokesAccessTokens) flow.revoke(accessToken).catch(() => {});
  }

  function forgetTokens(id: string): void {
    const held = registry.heldBy(id);
    const isOurs = registry.find(id)?.kind === 'signed-in';
    registry.hold(id, null);
    // The refresh token is not revoked. That would end the grant, which other tabs may use.
    if (held && isOurs) revokeAccessToken(held);
  }

  return {
    forgetTokens,

    remove(id) {
      forgetTokens(id);
      registry.remove(id);
    },

    async signOut(id, { endSession = false } = {}) {
      const held = registry.heldBy(id);
      const caller = registry.find(id);
      const isShared = sharesGrant(id);
      if (endSession && flow?.endSessionUrl) open(flow.endSessionUrl);
      registry.remove(id);
      if (!flow || caller?.kind !== 'signed-in') return;
      remembered.write(null);
      if (!held) return;
      // A refresh token ends its grant with all access tokens (RFC 7009 §2.1).
      const token = isShared ? null : held.refreshToken;
      if (token === null) return revokeAccessToken(held);
      await flow.revoke(token).catch((error: unknown) => {
        throw new SessionError(
          `The tokens of ${caller.label} are forgotten here, but were not revoked: ${messageOf(error)}`,
        );
      });
    },
  };
}
