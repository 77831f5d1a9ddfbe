import type { ScopeEntry } from '../../identity/grants/scopes.ts';
import { isRecord } from '../../protocol/record.ts';
import { isScopeToken } from '../../protocol/scope.ts';
import { shown } from '../../protocol/shown.ts';
import { type Check, objectOf, type Settings } from '../../protocol/options/object.ts';
import { expects, isString, isStrings } from '../../protocol/options/values.ts';

/** The keys of a scope. */
const scopeSettings: Settings<ScopeEntry> = {
  description: {
    check: expects(
      'a text for the consent page that says what the scope allows',
      (value) => isString(value) && value !== '',
    ),
    required: true,
  },
  roles: { check: expects('an array of role names', isStrings) },
  audience: { check: expects('the audience of an API', isString) },
};

// An unknown key is a fault: if `roles` were misspelled, the scope would be available to every account.
const checkScope = objectOf(scopeSettings, { isEntry: true });

/** The check of scopes by name. */
export const checkScopes: Check = function* (value, place, around) {
  if (!isRecord(value)) {
    yield `${place}: expected an object of scopes by name`;
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    const scopePlace = `${place}["${shown(name)}"]`;
    if (!isScopeToken(name)) yield `${scopePlace}: expected a scope token (RFC 6749 §3.3)`;
    if (name === 'openid') yield `${place}.openid: expected another name, because OpenID Connect defines openid`;
    // If the entry is not an object, the description is reported as missing.
    yield* checkScope(isRecord(entry) ? entry : {}, scopePlace, around);
  }
};
