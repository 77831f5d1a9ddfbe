import { type SentMetadata, InvalidMetadata } from './client-metadata.ts';

/** A member of the metadata that can request something unavailable. */
interface Unavailable {
  /** Whether a value asks only for the normal behaviour of this server. */
  readonly isMet?: (value: unknown) => boolean;
  /** The text of the error for every other value. */
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
 * Members that request behaviour that this server does not support. The registration is rejected, because the
 * application would fail or be less secure than its metadata state. Members that only describe an application
 * (`client_uri`, `logo_uri`, `contacts`, …) and unknown members are left out of the answer (RFC 7591 §2, §3.2.1).
 */
const unavailable: Readonly<Record<string, Unavailable>> = {
  // RFC 7591
  jwks_uri: leftOut('keys are given as jwks, and never fetched'),
  software_statement: leftOut('software statements are not read'),
  // OpenID Connect Dynamic Client Registration 1.0 §2
  sector_identifier_uri: leftOut('subjects are public, and the same for every application'),
  subject_type: {
    isMet: (value) => value === 'public',
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
  request_uris: { isMet: empty, ...noRequestObjects },
  default_max_age: leftOut('send max_age with each authorization request'),
  require_auth_time: { isMet: no, expected: 'expected false: send max_age with each authorization request' },
  default_acr_values: { isMet: empty, ...leftOut('send acr_values with each authorization request') },
  // OpenID Connect Back-Channel and Front-Channel Logout 1.0 §2
  backchannel_logout_uri: noLogoutCalls,
  backchannel_logout_session_required: { isMet: no, ...noLogoutCalls },
  frontchannel_logout_uri: noLogoutCalls,
  frontchannel_logout_session_required: { isMet: no, ...noLogoutCalls },
  // RFC 8705 §2, §3.4
  tls_client_auth_subject_dn: noMutualTls,
  tls_client_auth_san_dns: noMutualTls,
  tls_client_auth_san_uri: noMutualTls,
  tls_client_auth_san_ip: noMutualTls,
  tls_client_auth_san_email: noMutualTls,
  tls_client_certificate_bound_access_tokens: {
    isMet: no,
    expected:
      'expected false: use dpop_bound_access_tokens, since tokens are bound to keys and not to certificates here',
  },
  use_mtls_endpoint_aliases: { isMet: no, ...noMutualTls },
  // RFC 9101 §10.5, JARM §3, RFC 9701 §6, RFC 9396 §10, RFC 8628, CIBA §4
  require_signed_request_object: { isMet: no, ...noRequestObjects },
  authorization_signed_response_alg: noSignedResponses,
  authorization_encrypted_response_alg: noSignedResponses,
  authorization_encrypted_response_enc: noSignedResponses,
  introspection_signed_response_alg: unsigned('the introspection response'),
  introspection_encrypted_response_alg: unsigned('the introspection response'),
  introspection_encrypted_response_enc: unsigned('the introspection response'),
  authorization_details_types: { isMet: empty, ...leftOut('authorization_details are not accepted, use scope') },
  backchannel_token_delivery_mode: leftOut('people are not asked on another device'),
  backchannel_client_notification_endpoint: leftOut('people are not asked on another device'),
  backchannel_authentication_request_signing_alg: leftOut('people are not asked on another device'),
  backchannel_user_code_parameter: { isMet: no, ...leftOut('people are not asked on another device') },
};

/**
 * Rejects a registration that asks for something unavailable.
 *
 * @param signing the algorithm that signs ID tokens now
 * @throws InvalidMetadata
 */
export function refuseUnavailable(metadata: SentMetadata, signing: string): void {
  for (const [name, { isMet, expected }] of Object.entries(unavailable)) {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    // RFC 7591 §2: null means that the member is absent.
    if (value !== undefined && value !== null && isMet?.(value) !== true) throw new InvalidMetadata(name, expected);
  }
  const { id_token_signed_response_alg: alg } = metadata;
  if (alg !== undefined && alg !== null && alg !== signing) {
    throw new InvalidMetadata(
      'id_token_signed_response_alg',
      `expected ${signing}, which the keys of this server are for: an operator can set keys.algorithm`,
    );
  }
}
