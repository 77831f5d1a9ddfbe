import { isRecord } from './record.ts';

/** The place of a claim: the names of members from the outside in. `['realm_access', 'roles']` is `roles` in `realm_access`. */
export type ClaimPath = readonly string[];

/**
 * Reads the claim at a path. Reads own members of objects only. An inherited name such as `constructor`, or an index of
 * an array, finds nothing.
 *
 * @returns undefined if the path leads to no member
 */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
