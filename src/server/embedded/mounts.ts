import type { Config } from '../../config.ts';
import type { RawMount } from '../../http/raw.ts';
import { type RegistrationOptions, registrationHandler } from '../../provider/registration/registration.ts';
import type { Logo } from '../../provider/pages/appearance.ts';
import { logoHandler } from '../../provider/pages/logo.ts';
import { accountPath, endpoints, interactionPath, logoPath, registrationPath } from '../../provider/paths.ts';

type Handle = RawMount['handle'];

/** The handlers of the current instance of the authorization server. */
export interface ProviderHandlers {
  /** The endpoints of OAuth and OpenID Connect. */
  readonly handle: Handle;
  /** The pages of a sign-in. */
  readonly interact: Handle;
  /** The pages of the account. */
  readonly account: Handle;
}

/**
 * Lists the paths of the handlers. Marks the paths that pages of other origins may call.
 *
 * @param running - returns the current handlers. New keys create new handlers
 * @param registration - the mount for applications that register themselves. Null: no application can register itself
 * @param logo - the logo of the pages. Null: the pages have no logo
 */
export function mountsOf(
  running: () => ProviderHandlers,
  registration: RawMount | null,
  logo: Logo | null,
): RawMount[] {
  const handle: Handle = (request, response) => running().handle(request, response);
  return [
    {
      paths: [
        ...Object.values(endpoints),
        `${endpoints.authorization}/:uid`,
        `${endpoints.end_session}/confirm`,
        `${endpoints.end_session}/success`,
        '/.well-known/openid-configuration',
      ],
      crossOrigin: {
        [endpoints.token]: 'POST',
        [endpoints.revocation]: 'POST',
        [endpoints.introspection]: 'POST',
        [endpoints.pushed_authorization_request]: 'POST',
        [endpoints.jwks]: 'GET',
        '/.well-known/openid-configuration': 'GET',
      },
      handle,
    },
    {
      // RFC 8414 §3. The document equals the OpenID Connect document. It is for clients without OpenID Connect.
      paths: ['/.well-known/oauth-authorization-server'],
      crossOrigin: { '/.well-known/oauth-authorization-server': 'GET' },
      handle: (request, response) => {
        request.url = '/.well-known/openid-configuration';
        return handle(request, response);
      },
    },
    {
      paths: [`${interactionPath}/*`],
      handle: (request, response) => running().interact(request, response),
    },
    {
      paths: [accountPath, `${accountPath}/*`],
      handle: (request, response) => running().account(request, response),
    },
    ...(registration ? [registration] : []),
    ...(logo ? [{ paths: [logoPath], handle: logoHandler(logo) }] : []),
  ];
}

/**
 * Makes the mount for applications that register themselves.
 *
 * @returns null if the configuration does not allow self-registration
 */
export function registrationMount(
  { registration, registrationToken, publicUrl, appearance }: Config,
  options: Omit<RegistrationOptions, 'token' | 'publicUrl' | 'productName'>,
): RawMount | null {
  if (registration === 'off' && registrationToken === undefined) return null;
  return {
    paths: [registrationPath],
    crossOrigin: { [registrationPath]: 'POST' },
    handle: registrationHandler({
      ...options,
      publicUrl,
      productName: appearance.productName,
      token: registrationToken ?? null,
    }),
  };
}
