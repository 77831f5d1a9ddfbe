import { identityClaims, standardShape, type TokenShape } from './shape.ts';

/** The products that have a preset. */
export type PresetName =
  | 'auth0'
  | 'clerk'
  | 'cognito'
  | 'entra'
  | 'firebase'
  | 'google'
  | 'keycloak'
  | 'logto'
  | 'okta'
  | 'supabase'
  | 'zitadel';

/**
 * The form of the access tokens that each product signs. A member that a preset does not set has the value of RFC 9068.
 */
export const presets: Readonly<Record<PresetName, TokenShape>> = {
  /**
   * Auth0. The preset accepts both access token profiles: Auth0's own profile (`JWT`, `azp`, no `jti`) and RFC 9068.
   * The claim `permissions` is present if the setting "Add Permissions in the Access Token" of the API is on. It holds
   * all permissions of the person, not only the requested permissions. Set `scopeClaims: ['scope']` to ignore this
   * claim. An ID token has neither `azp` nor `client_id`.
   * https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
   */
  auth0: {
    ...standardShape,
    algorithms: ['RS256', 'PS256'],
    typ: ['at+jwt', 'JWT'],
    clientIdClaims: ['client_id', 'azp'],
    anonymousTokens: true,
    scopeClaims: ['scope', 'permissions'],
    forbidden: identityClaims,
    isApplication: (_, subject, clientId) => clientId !== null && subject === `${clientId}@clients`,
  },
  /**
   * Clerk's session tokens. Only a customized token has `aud`. For other tokens, configure the origins of the pages as
   * `audiences`, because `azp` holds the origin. If a browser sends no origin, its token has neither claim and is
   * refused. The role in the active organization is `rol` in `o`. The access tokens of Clerk's OAuth server follow RFC
   * 9068 and need no preset.
   * https://clerk.com/docs/guides/sessions/session-tokens
   */
  clerk: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: ['JWT'],
    audienceClaims: ['aud', 'azp'],
    clientIdClaims: ['azp'],
    clientless: true,
    anonymousTokens: true,
    // An ID token does not have this claim.
    required: { sid: [] },
    forbidden: identityClaims,
    isApplication: () => false,
  },
  /**
   * Amazon Cognito user pools. The header has no `typ`. Only a token with resource binding has `aud`. For other tokens,
   * configure the IDs of the app clients as `audiences`. `token_use` distinguishes an access token from an ID token.
   * Groups are in `cognito:groups`.
   * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
   */
  cognito: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: [null],
    audienceClaims: ['aud', 'client_id'],
    required: { token_use: ['access'] },
    forbidden: identityClaims,
  },
  /**
   * Microsoft Entra ID, for one tenant. The issuer of version 1 is `https://sts.windows.net/…/`. The issuer of version
   * 2 is `https://login.microsoftonline.com/…/v2.0`. An ID token may have the `aud` of an access token, but it has
   * neither `appid` nor `azp`. A person's token has `scp`. The token of an application without a person has no `scp`.
   * If the optional claim `idtyp` is on, its value in this token is `app`. Roles are in `roles`. A person has a
   * different `sub` in each application. Use `accountId: ['oid']`, because `oid` is the same in all applications.
   * https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
   */
  entra: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: ['JWT'],
    clientIdClaims: ['azp', 'appid'],
    tokenIdClaims: ['uti'],
    scopeClaims: ['scp'],
    forbidden: identityClaims,
    isApplication: (payload) => payload.idtyp === 'app' || !Object.hasOwn(payload, 'scp'),
  },
  /**
   * Firebase Authentication. It issues no access tokens for other APIs. Its documentation says to send the ID token to
   * a backend. The `aud` of this token is the ID of the project. The issuer is
   * `https://securetoken.google.com/<project>`. Session cookies and custom tokens have other issuers. The token has no
   * client, no token ID and no scopes. Use a roles table to turn custom claims into scopes.
   * https://firebase.google.com/docs/auth/admin/verify-id-tokens
   */
  firebase: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: ['JWT'],
    clientIdClaims: [],
    clientless: true,
    tokenIdClaims: [],
    anonymousTokens: true,
    required: { firebase: [] },
    forbidden: identityClaims,
    isApplication: () => false,
  },
  /**
   * Google (`https://accounts.google.com`). Its access tokens are opaque. Its documentation describes two ID tokens for
   * a backend. The ID token of a person has the client ID of the backend as `aud`. The ID token of a service account
   * has an address of the backend as `aud`. Both have no scopes. Some tokens name the issuer `accounts.google.com`.
   * Configure this issuer as a separate entry with `jwksUri`.
   * https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
   */
  google: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: ['JWT'],
    clientIdClaims: ['azp'],
    clientless: true,
    anonymousTokens: true,
    // A security event is not an ID token.
    forbidden: ['events'],
  },
  /**
   * Keycloak. The claim `typ` names the kind of token. Its value in an ID token is `ID`. Keycloak writes `aud` only
   * with an audience mapper. Roles are in `realm_access.roles` and `resource_access.<client>.roles`. The token of a
   * service account has the claim `client_id`, which the client scope `service_account` adds.
   * https://www.keycloak.org/docs/latest/server_admin/
   */
  keycloak: {
    ...standardShape,
    typ: ['JWT', 'at+jwt'],
    clientIdClaims: ['azp'],
    required: { typ: ['Bearer', 'DPoP'] },
    // Older versions copy `nonce` into the access token.
    forbidden: identityClaims.filter((claim) => claim !== 'nonce'),
    isApplication: (payload, _, clientId) => clientId !== null && payload.client_id === clientId,
  },
  /**
   * Logto, with an API resource. Without an API resource the access token is opaque. The tokens follow RFC 9068 and are
   * signed with ES384, or with RS256 in some older tenants.
   * https://docs.logto.io/authorization/validate-access-tokens
   */
  logto: {
    ...standardShape,
    algorithms: ['ES384', 'RS256'],
  },
  /**
   * Okta, with a custom authorization server (`https://…/oauth2/…`). Tokens of the organization's own server are valid
   * only for Okta's APIs. `typ` is absent or a value of Okta. Scopes are in the array `scp`. An ID token has no `cid`.
   * The administrator of the issuer configures the claim for groups.
   * https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/
   */
  okta: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: [null, 'JWT', 'at+jwt', 'okta-internal-at+jwt'],
    clientIdClaims: ['cid'],
    scopeClaims: ['scp'],
    forbidden: identityClaims,
  },
  /**
   * Supabase Auth, for projects with asymmetric signing keys. Older projects sign tokens with a shared secret. These
   * tokens are refused. The keys `anon` and `service_role` are refused too. Only tokens of Supabase's OAuth server name
   * a client. `aud` is `authenticated`, and `role` is a role of the database. Do not use `user_metadata` as the claim
   * of a roles table, because the person can write it.
   * https://supabase.com/docs/guides/auth/jwt-fields
   */
  supabase: {
    ...standardShape,
    algorithms: ['ES256', 'RS256'],
    typ: ['JWT'],
    clientless: true,
    anonymousTokens: true,
    // An ID token does not have this claim.
    required: { session_id: [] },
    forbidden: identityClaims,
    isApplication: () => false,
  },
  /**
   * Zitadel, for applications whose access tokens are JWTs. `aud` holds the ID of the project and the IDs of its
   * applications. An ID token has the `aud` of an access token, but no `jti`. The roles are the member names of the
   * claim `urn:zitadel:iam:org:project:roles`.
   * https://zitadel.com/docs/apis/openidoauth/claims
   */
  zitadel: {
    ...standardShape,
    typ: ['JWT', 'at+jwt', null],
    clientIdClaims: ['client_id', 'azp'],
    forbidden: identityClaims,
  },
};
