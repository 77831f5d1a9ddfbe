import { errors, type Provider } from 'oidc-provider';

/**
 * How many different values a parameter may have: `resource` (RFC 8707 §2), and lists of words (OpenID Connect Core
 * §3.1.2.1).
 */
const maxResources = 10;
const maxWords: Readonly<Record<string, number>> = { prompt: 10, acr_values: 20, ui_locales: 20, claims_locales: 20 };
/** How many scopes a request may name, in addition to the number of scopes in the catalogue. */
const maxUnknownScopes = 100;

/**
 * The parameters of a request by name, as the library reads them. A repeated parameter is an array. An absent parameter
 * is undefined.
 */
type Parameters = Record<string, unknown>;

/**
 * Limits the work for one request at each endpoint, before the library uses a parameter. If a parameter may have
 * several values, equal values count once, and the number of different values is limited. The library rejects the
 * repetition of all other parameters.
 *
 * @param scopeCount how many scopes the catalogue has
 * @param prepare called with the parameters before the check. It may change them
 */
export function boundParameters(
  provider: Provider,
  scopeCount: number,
  prepare: (parameters: Parameters) => void,
): void {
  const parametersOf = new WeakMap<object, Parameters>();
  // The types of the library do not have this class. Its prototype has no member `params`, because each context sets
  // its own.
  const { OIDCContext } = provider as unknown as { readonly OIDCContext: { readonly prototype: object } };
  Object.defineProperty(OIDCContext.prototype, 'params', {
    configurable: true,
    get(this: object) {
      return parametersOf.get(this);
    },
    set(this: object, parameters: Parameters) {
      parametersOf.set(this, parameters);
      prepare(parameters);
      boundResources(parameters);
      boundWords(parameters, 'scope', maxUnknownScopes + scopeCount);
      for (const [name, max] of Object.entries(maxWords)) boundWords(parameters, name, max);
    },
  });
}

function boundResources(parameters: Parameters): void {
  const { resource } = parameters;
  if (!Array.isArray(resource)) return;
  const values = [...new Set<unknown>(resource)];
  parameters['resource'] = values.length > maxResources ? undefined : values.length === 1 ? values[0] : values;
  if (values.length > maxResources) {
    throw new errors.InvalidTarget(`expected at most ${maxResources} different values of resource`);
  }
}

/** Limits a parameter whose value is a list of words. */
function boundWords(parameters: Parameters, name: string, max: number): void {
  const value = parameters[name];
  if (typeof value !== 'string') return;
  const words = new Set(value.split(' '));
  parameters[name] = words.size > max ? undefined : [...words].join(' ');
  if (words.size <= max) return;
  const description = `expected at most ${max} different words in ${name}`;
  throw name === 'scope' ? new errors.InvalidScope(description, '') : new errors.InvalidRequest(description);
}
