import { errors, type Provider } from 'oidc-provider';

/** How many values of a parameter are told apart at most, where OAuth lets it have several (RFC 8707 §2, OpenID Connect Core §3.1.2.1). */
const mostResources = 10;
const mostWords: Readonly<Record<string, number>> = { prompt: 10, acr_values: 20, ui_locales: 20, claims_locales: 20 };
/** How many scopes that nobody knows a request may name beside those of the catalogue. */
const mostUnknownScopes = 100;

/** The parameters of a request by name, as the library assembles them: a repeated one is an array, an absent one undefined. */
type Parameters = Record<string, unknown>;

/**
 * Bounds what the library does for one request, at each endpoint, before it looks at any parameter: every value of a parameter
 * that may have several counts once, and there are at most so many. A repetition of any other parameter the library refuses.
 *
 * @param scopeCount how many scopes the catalogue has
 * @param prepare called with the parameters before they are bounded
 */
export function boundParameters(
  provider: Provider,
  scopeCount: number,
  prepare: (parameters: Parameters) => void,
): void {
  const assembled = new WeakMap<object, Parameters>();
  // Its types leave the class of its contexts out. It has no member of its own of this name.
  const { OIDCContext } = provider as unknown as { readonly OIDCContext: { readonly prototype: object } };
  Object.defineProperty(OIDCContext.prototype, 'params', {
    configurable: true,
    get(this: object) {
      return assembled.get(this);
    },
    set(this: object, parameters: Parameters) {
      assembled.set(this, parameters);
      prepare(parameters);
      boundResources(parameters);
      boundWords(parameters, 'scope', mostUnknownScopes + scopeCount);
      for (const [name, most] of Object.entries(mostWords)) boundWords(parameters, name, most);
    },
  });
}

function boundResources(parameters: Parameters): void {
  const { resource } = parameters;
  if (!Array.isArray(resource)) return;
  const values = [...new Set<unknown>(resource)];
  parameters['resource'] = values.length > mostResources ? undefined : values.length === 1 ? values[0] : values;
  if (values.length > mostResources) {
    throw new errors.InvalidTarget(`expected at most ${mostResources} different values of resource`);
  }
}

/** Of a parameter whose value is a list of words. */
function boundWords(parameters: Parameters, name: string, most: number): void {
  const value = parameters[name];
  if (typeof value !== 'string') return;
  const words = new Set(value.split(' '));
  parameters[name] = words.size > most ? undefined : [...words].join(' ');
  if (words.size <= most) return;
  const description = `expected at most ${most} different words in ${name}`;
  throw name === 'scope' ? new errors.InvalidScope(description, '') : new errors.InvalidRequest(description);
}
