import { type Configuration, errors, interactionPolicy } from 'oidc-provider';

type Policy = NonNullable<NonNullable<Configuration['interactions']>['policy']>;

const { Check, base } = interactionPolicy;

/**
 * Returns the policy that decides when a person must sign in or consent. The library checks `prompt`, `max_age`,
 * `id_token_hint`, and whether there is a session. This function adds one check: a person must sign in if the `acr` of
 * the session is not one of `acr_values`.
 *
 * If no sign-in here can have one of the `acr_values`, the request is rejected (OpenID Connect Core Unmet
 * Authentication Requirements, RFC 9470 §5).
 *
 * @param ownAcr the `acr` of every sign-in here
 */
export function signInPolicy(ownAcr: string): Policy {
  const policy = base();
  const check = new Check('acr_values', 'the authentication context has to be reached by a sign-in', ({ oidc }) => {
    const acrValues = oidc.params?.['acr_values'];
    if (typeof acrValues !== 'string' || acrValues.trim() === '') return Check.NO_NEED_TO_PROMPT;
    const accepted = acrValues.split(' ');
    if (!accepted.includes(ownAcr)) {
      throw new errors.CustomOIDCProviderError(
        'unmet_authentication_requirements',
        `none of the requested acr_values can be reached here: there is ${ownAcr}`,
      );
    }
    return oidc.acr !== undefined && accepted.includes(oidc.acr) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  });
  check.error = 'login_required';
  policy.get('login')?.checks.add(check);
  return policy;
}
