import { isRecord } from '../../protocol/record.ts';
import { isScopeToken } from '../../protocol/scope.ts';

import { nearestHint } from '../../protocol/nearest.ts';
import { shown } from '../../protocol/shown.ts';

const keys: readonly string[] = ['description', 'roles', 'audience'];

/** What is wrong with the form of scopes by name, each by its name. */
export function* scopeFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'scopes: expected an object of scopes by name';
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    if (!isScopeToken(name)) yield `scopes["${name}"]: expected a scope token (RFC 6749 §3.3)`;
    if (name === 'openid') yield 'scopes.openid: expected another name, since OpenID Connect has taken this one';
    // A scope whose `roles` are under another name would be everybody's.
    for (const key of isRecord(entry) ? Object.keys(entry) : []) {
      if (keys.includes(key)) continue;
      yield `scopes["${name}"]: there is no such key ${shown(key)}; expected ${keys.join(', ')}${nearestHint(key, keys)}`;
    }
    if (!isRecord(entry) || typeof entry.description !== 'string' || !entry.description) {
      yield `scopes["${name}"].description: expected what it allows, in words for the consent page`;
    } else if (entry.roles !== undefined && !isStrings(entry.roles)) {
      yield `scopes["${name}"].roles: expected an array of role names`;
    }
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
