import type { MakePrincipal } from '../tools/attack/callers/persona.ts';
import { principalOfCaller } from './principal.ts';

/** Makes the principal of a persona, also in production. Only the attack uses it, in a process that serves no requests. */
export const personaPrincipal: MakePrincipal = (caller) => {
  if (caller === null) return principalOfCaller(null);
  const { authenticatedSecondsAgo: ago, ...others } = caller;
  return principalOfCaller({
    ...others,
    ...(ago !== undefined && { authenticatedAt: Math.floor(Date.now() / 1_000) - ago }),
  });
};
