import type { Settings } from '../settings.ts';
import { distinctLabel, nameOf } from './sign-in/account-label.ts';
import { anonymousId, type Caller, type Callers, type Environment, maxCallers, SessionError } from './caller.ts';
import { connectionFlow } from './sign-in/connection-flow.ts';
import { base64url } from './tokens/encoding.ts';
import type { Flow } from './sign-in/flow.ts';
import { createApi } from './tokens/api.ts';
import { ownFlow } from './sign-in/own-flow.ts';
import { readPasted } from './pasted.ts';
import { receive } from './tokens/received.ts';
import { createRegistry } from './registry.ts';
import { rememberedScopes } from './sign-in/remembered-scopes.ts';
import { createRenewal } from './tokens/renewal.ts';
import { signInSilently } from './sign-in/silent.ts';
import { createSignOut } from './tokens/sign-out.ts';
import { textOfOthers } from './text.ts';
import type { IssuedTokens } from './tokens/token-mutations.ts';
import { createUpkeep } from './tokens/upkeep.ts';
import { signInWindows } from './sign-in/window.ts';

const anonymous: Caller = {
  id: anonymousId,
  label: 'No token',
  kind: 'anonymous',
  claims: null,
  scopes: [],
  expiresAt: null,
  state: 'ready',
  reason: null,
};

/** Makes the callers of one page. Their tokens live in the memory of the page only. */
export function createCallers(settings: Settings, environment: Environment): Callers {
  const { now, random } = environment;
  const jitter = () => (random(1)[0] ?? 0) / 255;
  const api = createApi(settings.publicUrl + settings.endpoint, environment);
  const flow = flowOf(settings, environment, api);
  const registry = createRegistry(anonymous);
  const silently = async (scopes: readonly string[]) =>
    flow?.isSilent ? signInSilently(flow, environment.fetch, scopes) : null;
  const renewal = createRenewal({ registry, flow, silently, now, jitter });
  const upkeep = createUpkeep({ registry, renewal, environment });
  const windows = signInWindows(environment, registry.announce);
  const remembered = rememberedScopes(environment.memory);

  /** Adds the caller of a sign-in, or puts it in the place of an earlier caller of the same person. */
  async function admit(
    tokens: IssuedTokens,
    {
      sentAt,
      scopes,
      replaces,
    }: { readonly sentAt: number; readonly scopes: readonly string[]; readonly replaces?: string },
  ): Promise<Caller> {
    const { held, facts: received, caller } = receive(tokens, { sentAt, jitter: jitter(), requested: scopes });
    const { subject } = received;
    const name = await nameOf(tokens, api, {
      prefix: settings.audit?.prefix ?? '',
      mayRead: settings.signIn?.kind !== 'own' || caller.scopes.includes('profile'),
      known: subject === null ? null : nameOfSubject(subject),
    });
    const earlier = replaces === undefined ? null : registry.find(replaces);
    // Two people whose subjects are not known are not the same person.
    const isSame = earlier !== null && subject !== null && registry.signInOf(earlier.id)?.subject === subject;
    const id = earlier && isSame ? earlier.id : base64url(random(9));
    const others = registry.list().filter((other) => other.id !== id);
    const label = distinctLabel(
      name,
      caller.scopes,
      others.map((other) => other.label),
    );
    const facts = { ...received, name, label };
    if (earlier && isSame) {
      const isRenamed = registry.signInOf(id)?.label !== earlier.label;
      signOut.forgetTokens(id);
      registry.hold(id, held, facts);
      registry.change(id, isRenamed ? caller : { ...caller, label });
    } else {
      if (registry.list().length >= maxCallers) await flow?.revoke(tokens.accessToken).catch(() => {});
      registry.add({ id, label, kind: 'signed-in', ...caller }, held, facts);
    }
    if (settings.signIn?.kind === 'own') remembered.write(scopes);
    renewOfOtherSessions(id);
    return registry.find(id) ?? { id, label, kind: 'signed-in', ...caller };
  }

  /** Returns the name of the callers with a subject. Null if no caller has this subject. */
  function nameOfSubject(subject: string): string | null {
    const facts = registry.signedIn().map((id) => registry.signInOf(id));
    return facts.find((other) => other?.subject === subject)?.name ?? null;
  }

  /** Renews the callers whose session in the browser has ended, because another account signed in. */
  function renewOfOtherSessions(newest: string | null): void {
    const session = newest === null ? null : registry.find(newest)?.claims?.['sid'];
    for (const id of registry.signedIn()) {
      const other = registry.find(id)?.claims?.['sid'];
      if (id !== newest && other !== undefined && other !== session) renewal.renewDoubtful(id);
    }
  }

  const signOut = createSignOut({ registry, flow, remembered, open: environment.open });

  return {
    list: registry.list,
    subscribe: registry.subscribe,
    pending: windows.pending,
    cancel: () => windows.cancel('The sign-in was given up.'),

    async signIn({ scopes, as = 'same', replaces, maxAge = null, acr = [] }) {
      if (!flow) throw new SessionError(settings.signInFault ?? 'This server has no sign-in for the explorer.');
      const earlier = replaces === undefined ? null : registry.signInOf(replaces);
      if (replaces === undefined) registry.checkRoom();
      const union = [...new Set([...(earlier?.requested ?? []), ...scopes])];
      const begun = await flow.begin({ scopes: union, prompt: as === 'new-person' ? 'login' : null, maxAge, acr });
      try {
        const response = await windows.ask(begun);
        const sentAt = now();
        const tokens = await begun.finish(response);
        return await admit(tokens, { sentAt, scopes: union, ...(replaces !== undefined && { replaces }) });
      } catch (error) {
        // The other person may have signed in, and then refused the consent.
        if (as === 'new-person') renewOfOtherSessions(null);
        throw error;
      }
    },

    async signInSilently() {
      const scopes = remembered.read();
      if (scopes === null) return null;
      try {
        const sentAt = now();
        const tokens = await silently(scopes);
        return tokens && (await admit(tokens, { sentAt, scopes }));
      } catch {
        return null;
      }
    },

    paste(text) {
      const { token, caller } = readPasted(text, now(), api.clockAheadMs());
      const added = { ...caller, id: base64url(random(9)) };
      const isUsable = added.state === 'ready';
      registry.add(added, isUsable ? upkeep.heldWithoutRenewal(token) : null);
      return added;
    },

    rename(id, label) {
      const shown = textOfOthers(label, 80);
      if (shown !== '') registry.change(id, { label: shown });
    },

    remove: signOut.remove,
    signOut: signOut.signOut,
    authorization: upkeep.authorization,
    renew: (id) => upkeep.renewRefused(id),
    wake: upkeep.check,
    dispose: upkeep.dispose,
  };
}

function flowOf(settings: Settings, { random }: Environment, api: ReturnType<typeof createApi>): Flow | null {
  const { signIn, publicUrl, clientId } = settings;
  const redirectUri = `${publicUrl}/explorer/callback`;
  if (!signIn) return null;
  if (signIn.kind === 'connection') return connectionFlow({ api, connection: signIn.connection, redirectUri });
  const authorizationEndpoint = new URL(signIn.authorizationEndpoint, publicUrl).href;
  return ownFlow({ api, clientId, authorizationEndpoint, issuer: publicUrl, redirectUri, random });
}
