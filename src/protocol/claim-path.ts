import { isRecord } from './record.ts';

/**
 * The path of a claim: the names of members, the outermost first. `['realm_access', 'roles']` is the member `roles` of
 * `realm_access`.
 */
export type ClaimPath = readonly string[];

/**
 * Reads the claim at a path. Reads only own members of objects. Therefore `constructor` and an index of an array find
 * nothing.
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
