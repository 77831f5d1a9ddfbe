import { identityClaims, standardShape, type TokenShape } from './shape.ts';

/** The issuers with a preset for their access tokens. */
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

/** The shape of the access tokens that each issuer signs. Everything that is not set is as in RFC 9068. */
export const presets: Readonly<Record<PresetName, TokenShape>> = {
  /**
   * Auth0, both access token profiles: its own (`JWT`, `azp`, no `jti`) and RFC 9068. `permissions` is present if the
   * setting "Add Permissions in the Access Token" of the API is on. It then holds all permissions of the person, not
   * only the requested permissions. Set `scopeClaims: ['scope']` to ignore it. An ID token has neither `azp` nor
   * `client_id`.
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
   * Clerk's session tokens. Only a customized token has `aud`. Otherwise `audiences` are the origins of the pages,
   * which are in `azp`. If a browser sends no origin, its token has neither claim and is refused. The role in the
   * active organization is `rol` in `o`. The access tokens of Clerk's OAuth server follow RFC 9068 and need no preset.
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
   * Amazon Cognito user pools. The header has no `typ`. Only a token with resource binding has `aud`. Otherwise
   * `audiences` are the IDs of the app clients. `token_use` distinguishes an access token from an ID token. Groups are
   * in `cognito:groups`.
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
   * Microsoft Entra ID, versions 1 (issuer `https://sts.windows.net/…/`) and 2
   * (`https://login.microsoftonline.com/…/v2.0`), of one tenant. An ID token may have the same `aud`, but has neither
   * `appid` nor `azp`. A person's token has `scp`. The token of an application without a person has no `scp`, and its
   * `idtyp` is `app` if the claim `idtyp` is switched on. Roles are in `roles`. The `sub` of a person differs between
   * applications. The `oid` of a person is the same in all applications, so use `accountId: ['oid']`.
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
   * Firebase Authentication. It issues no access tokens for other APIs. Its documentation names the ID token for a backend, whose `aud`
   * is the project's ID. The issuer is `https://securetoken.google.com/<project>`. Session cookies and custom tokens have other issuers.
   * The token has no client, no token ID and no scopes. A table turns custom claims into scopes.
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
   * Google (`https://accounts.google.com`). Its access tokens are opaque. Its documentation names two ID tokens for a
   * backend. The `aud` of the first is the backend's own client ID. The second is from a service account, and its `aud`
   * is an address of the backend. These ID tokens have no scopes. Some tokens name the issuer `accounts.google.com`:
   * configure it as a separate entry, with `jwksUri`.
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
   * Keycloak. The claim `typ` names the kind of token. In an ID token its value is `ID`. `aud` needs an audience
   * mapper. Roles are in `realm_access.roles` and `resource_access.<client>.roles`. The token of a service account has
   * a `client_id`, from the client scope `service_account`.
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
   * Okta, with a custom authorization server (`https://…/oauth2/…`). Tokens of the organization's own server are for
   * Okta only. `typ` is absent, or a value of Okta. Scopes are in `scp`, an array. An ID token has no `cid`. The
   * administrator configures the claim for groups.
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
   * Supabase Auth, for projects with asymmetric signing keys. Tokens signed with the shared secret of older projects
   * are refused. The keys `anon` and `service_role` are refused too. Only tokens of its OAuth server name a client.
   * `aud` is `authenticated`, and `role` is the role of the database. The person can write `user_metadata`, so do not
   * use it as the claim of a roles table.
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
   * Zitadel, for applications whose access tokens are JWTs. `aud` holds the IDs of the project and of its applications, and an ID token
   * has the same `aud`, but no `jti`. Roles are the names of the members of `urn:zitadel:iam:org:project:roles`.
   * https://zitadel.com/docs/apis/openidoauth/claims
   */
  zitadel: {
    ...standardShape,
    typ: ['JWT', 'at+jwt', null],
    clientIdClaims: ['client_id', 'azp'],
    forbidden: identityClaims,
  },
};
