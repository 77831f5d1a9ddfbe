import { type Metadata, InvalidMetadata } from './client-metadata.ts';

/** Something that a registration can ask for and that is not available here. */
interface Unavailable {
  /** Values that ask for nothing more than what holds here. */
  readonly holds?: (value: unknown) => boolean;
  /** What is said to whoever asks for more. */
  readonly expected: string;
}

const no = (value: unknown) => value === false;
const empty = (value: unknown) => Array.isArray(value) && value.length === 0;
const leftOut = (reason: string): Unavailable => ({ expected: `expected to be left out: ${reason}` });
const unsigned = (what: string) => leftOut(`${what} is not signed or encrypted here`);
const noRequestObjects = leftOut('request objects are not accepted, use /oauth/par');
const noMutualTls = leftOut('clients do not authenticate by certificates here, use private_key_jwt');
const noLogoutCalls = leftOut('applications are not told when people sign out');
const noSignedResponses = unsigned('the authorization response');
const noUserinfo = leftOut('there is no userinfo endpoint');

/**
 * Client metadata that change what a server does, and that cannot be had here. A registration that asks for them is refused, since an
 * application that relies on them would work wrongly, or less safely than it says. Metadata that only describe an application
 * (`client_uri`, `logo_uri`, `contacts`, …) and members of unknown names are left out of the answer (RFC 7591 §2, §3.2.1).
 */
const unavailable: Readonly<Record<string, Unavailable>> = {
  // RFC 7591
  jwks_uri: leftOut('keys are given as jwks, and never fetched'),
  software_statement: leftOut('software statements are not read'),
  // OpenID Connect Dynamic Client Registration 1.0 §2
  sector_identifier_uri: leftOut('subjects are public, and the same for every application'),
  subject_type: {
    holds: (value) => value === 'public',
    expected: 'expected public: a person has the same sub for every application',
  },
  id_token_encrypted_response_alg: leftOut('ID tokens are not encrypted here'),
  id_token_encrypted_response_enc: leftOut('ID tokens are not encrypted here'),
  userinfo_signed_response_alg: noUserinfo,
  userinfo_encrypted_response_alg: noUserinfo,
  userinfo_encrypted_response_enc: noUserinfo,
  request_object_signing_alg: noRequestObjects,
  request_object_encryption_alg: noRequestObjects,
  request_object_encryption_enc: noRequestObjects,
  request_uris: { holds: empty, ...noRequestObjects },
  default_max_age: leftOut('send max_age with each authorization request'),
  require_auth_time: { holds: no, expected: 'expected false: send max_age with each authorization request' },
  default_acr_values: { holds: empty, ...leftOut('send acr_values with each authorization request') },
  // OpenID Connect Back-Channel and Front-Channel Logout 1.0 §2
  backchannel_logout_uri: noLogoutCalls,
  backchannel_logout_session_required: { holds: no, ...noLogoutCalls },
  frontchannel_logout_uri: noLogoutCalls,
  frontchannel_logout_session_required: { holds: no, ...noLogoutCalls },
  // RFC 8705 §2, §3.4
  tls_client_auth_subject_dn: noMutualTls,
  tls_client_auth_san_dns: noMutualTls,
  tls_client_auth_san_uri: noMutualTls,
  tls_client_auth_san_ip: noMutualTls,
  tls_client_auth_san_email: noMutualTls,
  tls_client_certificate_bound_access_tokens: {
    holds: no,
    expected:
      'expected false: use dpop_bound_access_tokens, since tokens are bound to keys and not to certificates here',
  },
  use_mtls_endpoint_aliases: { holds: no, ...noMutualTls },
  // RFC 9101 §10.5, JARM §3, RFC 9701 §6, RFC 9396 §10, RFC 8628, CIBA §4
  require_signed_request_object: { holds: no, ...noRequestObjects },
  authorization_signed_response_alg: noSignedResponses,
  authorization_encrypted_response_alg: noSignedResponses,
  authorization_encrypted_response_enc: noSignedResponses,
  introspection_signed_response_alg: unsigned('the introspection response'),
  introspection_encrypted_response_alg: unsigned('the introspection response'),
  introspection_encrypted_response_enc: unsigned('the introspection response'),
  authorization_details_types: { holds: empty, ...leftOut('authorization_details are not accepted, use scope') },
  backchannel_token_delivery_mode: leftOut('people are not asked on another device'),
  backchannel_client_notification_endpoint: leftOut('people are not asked on another device'),
  backchannel_authentication_request_signing_alg: leftOut('people are not asked on another device'),
  backchannel_user_code_parameter: { holds: no, ...leftOut('people are not asked on another device') },
};

/**
 * Refuses a registration that asks for what is not available.
 *
 * @param signing the algorithm of ID tokens
 * @throws InvalidMetadata
 */
export function refuseUnavailable(metadata: Metadata, signing: string): void {
  for (const [name, { holds, expected }] of Object.entries(unavailable)) {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    // RFC 7591 §2: what is null is left out.
    if (value !== undefined && value !== null && holds?.(value) !== true) throw new InvalidMetadata(name, expected);
  }
  const { id_token_signed_response_alg: alg } = metadata;
  if (alg !== undefined && alg !== null && alg !== signing) {
    throw new InvalidMetadata(
      'id_token_signed_response_alg',
      `expected ${signing}, which the keys of this server are for: an operator can set keys.algorithm`,
    );
  }
}
