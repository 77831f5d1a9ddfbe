import { isObject } from './document.ts';

/** Where a claim stands: the names of members, from the outside in. `['realm_access', 'roles']` is `roles` in `realm_access`. */
export type ClaimPath = readonly string[];

/**
 * Reads a claim. Own members only: names like `constructor` find nothing that the issuer did not write.
 *
 * @returns undefined where there is none
 */
export function claimAt(payload: Readonly<Record<string, unknown>>, path: ClaimPath): unknown {
  let value: unknown = payload;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
