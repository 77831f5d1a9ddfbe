import type { ScopeEntry } from '../../identity/grants/scopes.ts';
import { scopeFaults } from './scopes.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/** An API beside our own that the embedded authorization server issues access tokens for (RFC 8707). */
export interface ResourceEntry {
  /** Its resource indicator, an absolute URI without a fragment, and the `aud` of its access tokens. */
  readonly audience: string;
  /** Its scopes by name. No two APIs have a scope of the same name: a person who allows one shall know what for. */
  readonly scopes: Readonly<Record<string, ScopeEntry>>;
  /** The client ID of the application that may introspect its access tokens (RFC 7662): the API itself. Default: nobody. */
  readonly introspectedBy?: string;
}

const keys = ['audience', 'scopes', 'introspectedBy'];

/** What is wrong with the form of the resources, each by its place. */
export function* resourceFaults(value: unknown): Iterable<string> {
  if (!Array.isArray(value)) {
    yield 'resources: expected an array of { audience, scopes }';
    return;
  }
  for (const [index, entry] of value.entries()) {
    const place = `resources[${index}]`;
    if (!isRecord(entry)) {
      yield `${place}: expected { audience, scopes }`;
      continue;
    }
    for (const key of Object.keys(entry)) {
      if (keys.includes(key)) continue;
      yield `${place}: there is no such key ${key}; expected ${keys.join(', ')}${nearestHint(key, keys)}`;
    }
    const { audience, introspectedBy } = entry;
    if (typeof audience !== 'string' || !URL.canParse(audience) || audience.includes('#')) {
      yield `${place}.audience: expected an absolute URI without a fragment (RFC 8707 §2)`;
    }
    if (introspectedBy !== undefined && (typeof introspectedBy !== 'string' || introspectedBy === '')) {
      yield `${place}.introspectedBy: expected a client ID`;
    }
    for (const fault of scopeFaults(entry['scopes'])) yield `${place}.${fault}`;
  }
}

/** What stands twice: an audience, or the name of a scope. @param own of our API */
export function* resourceClashes(
  resources: readonly ResourceEntry[],
  own: { readonly audience: string; readonly scopes: Iterable<string> },
): Iterable<string> {
  const audiences = new Set([own.audience]);
  const names = new Map([...own.scopes].map((name) => [name, own.audience]));
  for (const [index, { audience, scopes }] of resources.entries()) {
    const place = `resources[${index}]`;
    if (audiences.has(audience)) yield `${place}.audience: expected another, since ${audience} is there already`;
    audiences.add(audience);
    for (const name of Object.keys(scopes)) {
      const taken = names.get(name);
      if (taken !== undefined) yield `${place}.scopes.${name}: expected another name, since ${taken} has this scope`;
      names.set(name, audience);
    }
  }
}
