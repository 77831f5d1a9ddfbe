/**
 * The paths of the OAuth and OpenID Connect endpoints, relative to the issuer. The keys are the library's names of its
 * routes.
 */
export const endpoints = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  pushed_authorization_request: '/oauth/par',
  jwks: '/oauth/jwks',
  end_session: '/oauth/logout',
} as const;

const authenticated = ['token', 'revocation', 'introspection', 'pushed_authorization_request'] as const;

/** The endpoints at which clients authenticate, by the library's names of their routes. */
export const authenticatedRoutes: ReadonlySet<string> = new Set(authenticated);

/** The paths of the endpoints at which clients authenticate. */
export const authenticatedPaths: ReadonlySet<string> = new Set(authenticated.map((route) => endpoints[route]));

/** The path of dynamic client registration (RFC 7591), if it is enabled. */
export const registrationPath = '/oauth/register';

/** The beginning of the paths of the sign-in and consent pages. */
export const interactionPath = '/interaction';

/** The path of the account page. The paths of its forms are below it. */
export const accountPath = '/account';

/** The path of the operator's logo, if there is one. */
export const logoPath = '/appearance/logo';

/** The path of the list of a person's own applications. The paths of their pages and forms are below it. */
export const applicationsPath = '/account/applications';

/** The path to which a sign-in for the account page returns. */
export const signedInPath = '/account/signed-in';
