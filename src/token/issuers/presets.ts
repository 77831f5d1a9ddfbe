import { identityClaims, standardShape, type TokenShape } from './shape.ts';

/** The issuers whose access tokens are known here. */
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

/** What each of these issuers really signs. What is not said is as in RFC 9068. */
export const presets: Readonly<Record<PresetName, TokenShape>> = {
  /**
   * Auth0, both access token profiles: its own (`JWT`, `azp`, no `jti`) and RFC 9068. `permissions` is there where the API
   * has "Add Permissions in the Access Token" on, and then holds all that the person may do there, not only what was asked for:
   * `scopeClaims: ['scope']` leaves it out. An ID token has neither `azp` nor `client_id`.
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
   * Clerk, of its session tokens. `aud` is there only where a customized token has it, so that `audiences` are the origins of the
   * pages, which are in `azp`. A browser that sends no origin gets a token without either, and it is refused. The role in the active
   * organization is `rol` in `o`. The access tokens of Clerk's OAuth server follow RFC 9068 and need no preset.
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
    // An ID token has none.
    required: { sid: [] },
    forbidden: identityClaims,
    isApplication: () => false,
  },
  /**
   * Amazon Cognito user pools. No `typ`; no `aud` but with resource binding, so that `audiences` are the IDs of the app
   * clients. `token_use` tells an access token from an ID token. Groups are in `cognito:groups`.
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
   * Microsoft Entra ID, versions 1 (issuer `https://sts.windows.net/…/`) and 2 (`https://login.microsoftonline.com/…/v2.0`),
   * of one tenant. An ID token has neither `appid` nor `azp`, though its `aud` may be the same. A person's token has `scp`;
   * one of an application alone has not, and `idtyp` is `app` where that claim is switched on. Roles are in `roles`. `sub`
   * differs from application to application: `accountId: ['oid']` does not.
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
   * Firebase Authentication. It has no access tokens for others: what it documents for a backend is its ID token, whose `aud` is the
   * project's ID. Its issuer is `https://securetoken.google.com/<project>`; session cookies and custom tokens are of other issuers.
   * It names no client, has no ID of its own and no scopes: custom claims become scopes through a table.
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
   * Google (`https://accounts.google.com`). Its access tokens are opaque: what it documents for a backend is an ID token for the
   * backend's own client ID, or that of a service account for an address of the backend. It has no scopes. Some tokens name the
   * issuer `accounts.google.com`: that is an entry of its own, with `jwksUri`.
   * https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
   */
  google: {
    ...standardShape,
    algorithms: ['RS256'],
    typ: ['JWT'],
    clientIdClaims: ['azp'],
    clientless: true,
    anonymousTokens: true,
    // A security event is none.
    forbidden: ['events'],
  },
  /**
   * Keycloak. The claim `typ` says what a token is: an ID token's is `ID`. `aud` needs an audience mapper. Roles are in
   * `realm_access.roles` and `resource_access.<client>.roles`. The token of a service account has a `client_id`, from the
   * client scope `service_account`.
   * https://www.keycloak.org/docs/latest/server_admin/
   */
  keycloak: {
    ...standardShape,
    typ: ['JWT', 'at+jwt'],
    clientIdClaims: ['azp'],
    required: { typ: ['Bearer', 'DPoP'] },
    // Older ones copy `nonce` into the access token.
    forbidden: identityClaims.filter((claim) => claim !== 'nonce'),
    isApplication: (payload, _, clientId) => clientId !== null && payload.client_id === clientId,
  },
  /**
   * Logto, of an API resource: what is issued without one is opaque. Its tokens follow RFC 9068, and are signed with ES384 unless an
   * older tenant has RS256.
   * https://docs.logto.io/authorization/validate-access-tokens
   */
  logto: {
    ...standardShape,
    algorithms: ['ES384', 'RS256'],
  },
  /**
   * Okta, of a custom authorization server (`https://…/oauth2/…`): tokens of the org's own server are for Okta alone. No
   * `typ`, or its own. Scopes are in `scp`, an array. An ID token has no `cid`. Groups are in a claim that is set up there.
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
   * Supabase Auth, of projects with asymmetric signing keys: the shared secret of older ones is refused, and with it the keys `anon`
   * and `service_role`. Only tokens of its OAuth server name a client. `aud` is `authenticated`, and the role of the database is in
   * `role`; `user_metadata` is the person's own to write, and no table should read it.
   * https://supabase.com/docs/guides/auth/jwt-fields
   */
  supabase: {
    ...standardShape,
    algorithms: ['ES256', 'RS256'],
    typ: ['JWT'],
    clientless: true,
    anonymousTokens: true,
    // An ID token has none.
    required: { session_id: [] },
    forbidden: identityClaims,
    isApplication: () => false,
  },
  /**
   * Zitadel, of applications whose access tokens are JWTs. `aud` holds the IDs of the project and of its applications, and an ID token
   * has the same, but no `jti`. Roles are the names of the members of `urn:zitadel:iam:org:project:roles`.
   * https://zitadel.com/docs/apis/openidoauth/claims
   */
  zitadel: {
    ...standardShape,
    typ: ['JWT', 'at+jwt', null],
    clientIdClaims: ['client_id', 'azp'],
    forbidden: identityClaims,
  },
};
