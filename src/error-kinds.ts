/** How a code is sent: the HTTP status of an answer that is only this error, and the `error` of its challenge. */
interface ErrorKind {
  /** The status of an answer that is only this error. */
  readonly status: number;
  /** Other statuses of this code, each by its reason. The reason is not sent. `when` is for the table in errors.md. */
  readonly otherwise?: Readonly<Record<string, { readonly status: number; readonly when: string }>>;
  /** `error` in `WWW-Authenticate` (RFC 6750 §3.1, RFC 9449 §12.2, RFC 9470 §3); `null`: a challenge without an error (RFC 6750 §3); absent: no challenge. */
  readonly challenge?:
    | 'invalid_request'
    | 'invalid_token'
    | 'insufficient_scope'
    | 'insufficient_user_authentication'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce'
    | null;
  /** Seconds to wait before trying again, sent as `Retry-After`. */
  readonly retryAfter?: number;
  /** What the caller should do about it, for the table in errors.md. */
  readonly meaning: string;
}

/** Every error code: a new code is a row here, and `npm run generate` writes it into the documentation. */
const kinds = {
  UNAUTHENTICATED: {
    status: 401,
    challenge: null,
    meaning: 'The operation needs an access token and none was sent.',
  },
  INVALID_TOKEN: {
    status: 401,
    challenge: 'invalid_token',
    meaning:
      'The access token was refused: get a new one. `reason` is `expired` where nothing else is wrong with it. Token mutations are sent without an Authorization header.',
  },
  INVALID_REQUEST: {
    status: 400,
    challenge: 'invalid_request',
    meaning: 'Send exactly one Authorization header: `Bearer <token>`, or `DPoP <token>` with exactly one DPoP header.',
  },
  INVALID_DPOP_PROOF: {
    status: 401,
    challenge: 'invalid_dpop_proof',
    meaning: 'The DPoP proof was refused: make a new one, for this request and this access token.',
  },
  USE_DPOP_NONCE: {
    status: 401,
    challenge: 'use_dpop_nonce',
    meaning: 'Make a new DPoP proof with the nonce that the DPoP-Nonce header of this answer gives.',
  },
  FORBIDDEN: {
    status: 403,
    challenge: 'insufficient_scope',
    meaning:
      'The access token lacks a scope, and `requiredScopes` names the alternatives; or `reason` says what else denied: owner, policy or claims.',
  },
  STEP_UP_REQUIRED: {
    status: 401,
    challenge: 'insufficient_user_authentication',
    meaning:
      'The person must authenticate again, or by a stronger method: `maxAge` and `acrValues` say how (RFC 9470).',
  },
  KEYS_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning: "The issuer's keys are not available, so no token can be verified: try again.",
  },
  PROOFS_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning: 'It is not known whether the DPoP proof was used before: try again with a new one.',
  },
  REVOCATIONS_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning: 'It is not known whether the access token was revoked: try again.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning:
      'The database cannot be used: `reason` is away, slow, full or read-only. Nothing was done that was not answered: try again.',
  },
  SENSITIVE_LITERAL: {
    status: 400,
    meaning: 'A secret was written into the query text: pass it as a variable.',
  },
  TOKEN_MUTATION_LIMIT: {
    status: 400,
    meaning: 'An operation may hold one token mutation, once: send further ones in requests of their own.',
  },
  LIMIT_EXCEEDED: {
    status: 400,
    meaning:
      'The document asks for more than a limit allows: `limit` names the limit, `found` is what it asks for, `allowed` what it may.',
  },
  TOO_MANY_CONNECTIONS: {
    status: 429, // RFC 6585 §4
    otherwise: { server: { status: 503, when: 'all callers together have too many' } },
    retryAfter: 10,
    meaning:
      'Too many WebSockets and event streams of this network address or this caller are open. Close one, or try again later.',
  },
  SERVER_STOPPING: {
    status: 503,
    retryAfter: 1,
    meaning: 'The server is stopping and has ended the subscription: connect again.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'An argument is wrong; the message says which and what was expected.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'The object does not exist, or it is not yours.',
  },
  CONFLICT: {
    status: 409,
    meaning: 'The present state does not allow it; the message says why.',
  },
  BAD_REQUEST: {
    status: 400,
    otherwise: {
      origin: { status: 403, when: 'a page of this origin may not open a WebSocket' },
      method: { status: 405, when: 'the method is not answered at this address' },
      slowRequest: { status: 408, when: 'the request did not arrive in time' },
      bodySize: { status: 413, when: 'the body is too large' },
      mediaType: { status: 415, when: 'the media type, the charset or the `Content-Encoding` of the body is not read' },
      headerSize: { status: 431, when: 'the headers are too large together' },
      transferCoding: { status: 501, when: 'the `Transfer-Encoding` is not decoded' },
    },
    meaning: 'The HTTP request is not a GraphQL request.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    otherwise: { asJson: { status: 200, when: 'the answer is `application/json`' } },
    meaning:
      'The hash of a document was sent in the place of its text, and no documents are stored here: send the text. Apollo Client and urql do so by themselves.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'A fault of the server; the log has it under the request ID.',
  },
} as const;

/** Every error code that Claimgate itself answers with. */
export type ErrorCode = keyof typeof kinds;

/** The status, challenge and advice of each code. */
export const errorKinds: Readonly<Record<ErrorCode, ErrorKind>> = kinds;

/** The reasons for which an answer with a code has another status than usual. Most codes have none. */
export type StatusReason<Code extends ErrorCode> = (typeof kinds)[Code] extends { readonly otherwise: infer Statuses }
  ? keyof Statuses
  : never;

/**
 * Returns the HTTP status of an answer that is only an error with this code.
 *
 * @param reason - selects one of the other statuses of the code. It is not sent. Default: the usual status
 */
export function statusOf<Code extends ErrorCode>(code: Code, reason?: StatusReason<Code>): number {
  const { status, otherwise = {} } = errorKinds[code];
  return (reason === undefined ? undefined : otherwise[String(reason)]?.status) ?? status;
}
