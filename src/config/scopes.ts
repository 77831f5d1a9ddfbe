import { isRecord } from '../protocol/record.ts';
import { isScopeToken } from '../protocol/scope.ts';

/** What is wrong with the form of scopes by name, each by its name. */
export function* scopeFaults(value: unknown): Iterable<string> {
  if (!isRecord(value)) {
    yield 'scopes: expected an object of scopes by name';
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    if (!isScopeToken(name)) yield `scopes["${name}"]: expected a scope token (RFC 6749 §3.3)`;
    if (name === 'openid') yield 'scopes.openid: expected another name, since OpenID Connect has taken this one';
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
