import type { IdentityNames } from './identity-names.ts';

/** Returns the query of the email address of the caller. */
export function callerDocument({ field }: IdentityNames): string {
  return `query ExplorerCaller { viewer: ${field('viewer')} { account { email } } }`;
}
