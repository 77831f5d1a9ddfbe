import { type Configuration, errors, interactionPolicy } from 'oidc-provider';

type Policy = NonNullable<NonNullable<Configuration['interactions']>['policy']>;

const { Check, base } = interactionPolicy;

/**
 * When somebody is asked to sign in, or to allow: as the library has it (nobody is signed in, `prompt`, `max_age`,
 * `id_token_hint`), and where the authentication context of a sign-in is none of those that `acr_values` asks for. A request
 * for contexts of which none can be reached here is refused (OpenID Connect Core Unmet Authentication Requirements, RFC 9470 §5):
 * what it would get could not be used.
 *
 * @param reachable what a sign-in here yields
 */
export function signInPolicy(reachable: string): Policy {
  const policy = base();
  const check = new Check('acr_values', 'the authentication context has to be reached by a sign-in', ({ oidc }) => {
    const asked = oidc.params?.['acr_values'];
    if (typeof asked !== 'string' || asked.trim() === '') return Check.NO_NEED_TO_PROMPT;
    const contexts = asked.split(' ');
    if (!contexts.includes(reachable)) {
      throw new errors.CustomOIDCProviderError(
        'unmet_authentication_requirements',
        `none of the requested acr_values can be reached here: there is ${reachable}`,
      );
    }
    return oidc.acr !== undefined && contexts.includes(oidc.acr) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  });
  check.error = 'login_required';
  policy.get('login')?.checks.add(check);
  return policy;
}
