import { identityClaims, standardShape, type TokenShape } from './shape.ts';

/** The issuers whose access tokens are known here. */
export type PresetName = 'auth0' | 'cognito' | 'entra' | 'keycloak' | 'okta';

/** What each of these issuers really signs. What is not said is as in RFC 9068. */
export const presets: Readonly<Record<PresetName, TokenShape>> = {
  /**
   * Auth0, both access token profiles: its own (`JWT`, `azp`, no `jti`) and RFC 9068. `permissions` is there where the API
   * has "Add Permissions in the Access Token" on, and then holds all that the person may do there, whatever was asked for:
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
    isApplication: (_, subject, clientId) => subject === `${clientId}@clients`,
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
    isApplication: (payload, _, clientId) => payload.client_id === clientId,
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
};
