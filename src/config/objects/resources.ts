import type { ScopeEntry } from '../../identity/grants/scopes.ts';
import { isResourceIndicator } from '../../protocol/url.ts';
import { type Check, listOf, objectOf, type Settings } from '../../protocol/options/object.ts';
import { expects, isString } from '../../protocol/options/values.ts';
import { checkScopes } from './scopes.ts';

/** Another API for which the embedded authorization server issues access tokens (RFC 8707). */
export interface ResourceEntry {
  /**
   * The resource indicator of the API: an absolute URI without a fragment. It is the `aud` of the API's access tokens.
   */
  readonly audience: string;
  /**
   * The scopes of the API by name. Two APIs cannot have scopes with the same name, because a person who allows a scope
   * must know its API.
   */
  readonly scopes: Readonly<Record<string, ScopeEntry>>;
  /**
   * The client ID of the application that may introspect the API's access tokens (RFC 7662). Usually this is the API
   * itself. Default: no application may introspect them.
   */
  readonly introspectedBy?: string;
}

/** The keys of a resource. */
const resourceSettings: Settings<ResourceEntry> = {
  audience: {
    check: expects('an absolute URI without a fragment (RFC 8707 §2)', isResourceIndicator),
    required: true,
  },
  scopes: { check: checkScopes, required: true },
  introspectedBy: { check: expects('a client ID', (value) => isString(value) && value !== '') },
};

const form = '{ audience, scopes }';

/** The check of `resources`. */
export const checkResources: Check = listOf(`an array of ${form}`, objectOf(resourceSettings, { isEntry: true, form }));

/**
 * Yields a fault for each audience and each scope name that two APIs have.
 *
 * @param own - the audience and the scopes of this server's own API
 */
export function* resourceClashes(
  resources: readonly ResourceEntry[],
  own: { readonly audience: string; readonly scopes: Iterable<string> },
): Iterable<string> {
  const audiences = new Set([own.audience]);
  const names = new Map([...own.scopes].map((name) => [name, own.audience]));
  for (const [index, { audience, scopes }] of resources.entries()) {
    const place = `resources[${index}]`;
    if (audiences.has(audience))
      yield `${place}.audience: expected another audience, because ${audience} is already in use`;
    audiences.add(audience);
    for (const name of Object.keys(scopes)) {
      const taken = names.get(name);
      if (taken !== undefined) yield `${place}.scopes.${name}: expected another name, because ${taken} has this scope`;
      names.set(name, audience);
    }
  }
}
