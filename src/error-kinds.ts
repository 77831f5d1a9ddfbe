/** The HTTP status, challenge and advice of an error code. */
interface ErrorKind {
  /** The status of an answer that has only this error. */
  readonly status: number;
  /** Other statuses of this code, by reason. The reason is not sent. `when` is for the table in errors.md. */
  readonly otherwise?: Readonly<Record<string, { readonly status: number; readonly when: string }>>;
  /**
   * The value of `error` in `WWW-Authenticate` (RFC 6750 §3.1, RFC 9449 §12.2, RFC 9470 §3). `null`: the challenge has
   * no `error` (RFC 6750 §3). Absent: there is no challenge.
   */
  readonly challenge?:
    | 'invalid_request'
    | 'invalid_token'
    | 'insufficient_scope'
    | 'insufficient_user_authentication'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce'
    | null;
  /** The value of `Retry-After`, in seconds. */
  readonly retryAfter?: number;
  /** The cause of the error and advice for the caller. It is for the table in errors.md. */
  readonly meaning: string;
}

/** All error codes. For a new code, add a row, and run `npm run generate`. */
const kinds = {
  UNAUTHENTICATED: {
    status: 401,
    challenge: null,
    meaning: 'The operation, or a field of it, needs an access token, but the request has none.',
  },
  INVALID_TOKEN: {
    status: 401,
    challenge: 'invalid_token',
    meaning:
      'The access token was refused. Get a new access token. `reason` is `expired` if the token passed every other check. Send token mutations without an Authorization header.',
  },
  INVALID_REQUEST: {
    status: 400,
    challenge: 'invalid_request',
    meaning: 'Send exactly one Authorization header: `Bearer <token>`, or `DPoP <token>` with exactly one DPoP header.',
  },
  INVALID_DPOP_PROOF: {
    status: 401,
    challenge: 'invalid_dpop_proof',
    meaning: 'The DPoP proof was refused. Make a new proof for this request and this access token.',
  },
  USE_DPOP_NONCE: {
    status: 401,
    challenge: 'use_dpop_nonce',
    meaning: 'Make a new DPoP proof with the nonce in the DPoP-Nonce header of this answer.',
  },
  FORBIDDEN: {
    status: 403,
    challenge: 'insufficient_scope',
    meaning:
      'The access token lacks a scope, or another part of a rule denied. `requiredScopes` has the alternative sets of scopes. `reason` is owner, policy or claims.',
  },
  STEP_UP_REQUIRED: {
    status: 401,
    challenge: 'insufficient_user_authentication',
    meaning:
      'The person must authenticate again, or with a stronger method. `maxAge` and `acrValues` say how (RFC 9470).',
  },
  KEYS_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning: 'The keys of the issuer are not available. Try again.',
  },
  PROOFS_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning: 'It is not known whether the DPoP proof was used before. Try again with a new proof.',
  },
  REVOCATIONS_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning: 'It is not known whether the access token was revoked. Try again.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryAfter: 5,
    meaning:
      'The database is not available. `reason` is away, slow, full or read-only. The operation changed nothing that it did not report as done. Try again.',
  },
  SENSITIVE_LITERAL: {
    status: 400,
    meaning: 'The query text contains a secret. Pass the secret as a variable.',
  },
  TOKEN_MUTATION_LIMIT: {
    status: 400,
    meaning: 'An operation may contain only one token mutation. Send further token mutations in separate requests.',
  },
  LIMIT_EXCEEDED: {
    status: 400,
    meaning:
      'The document or its variables exceed a limit. `limit` names the limit, and `allowed` is the largest allowed number. `found` is the number that was found. If counting stopped at the limit, it is one more than `allowed`, or absent.',
  },
  TOO_MANY_CONNECTIONS: {
    status: 429, // RFC 6585 §4
    otherwise: { server: { status: 503, when: 'all callers together have too many' } },
    retryAfter: 10,
    meaning:
      'This network address or this caller has too many open WebSockets and event streams. Close one of them, or try again later.',
  },
  SERVER_STOPPING: {
    status: 503,
    retryAfter: 1,
    meaning: 'The server is stopping and has ended the subscription. Connect again.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'An argument or a variable is wrong. The message says what was expected.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'The object does not exist, or the caller has no access to it.',
  },
  CONFLICT: {
    status: 409,
    meaning: 'The current state does not allow the operation. The message says why.',
  },
  BAD_REQUEST: {
    status: 400,
    otherwise: {
      origin: { status: 403, when: 'a page of this origin may not open a WebSocket' },
      method: { status: 405, when: 'this address does not accept the method' },
      slowRequest: { status: 408, when: 'the request did not arrive in time' },
      bodySize: { status: 413, when: 'the body is too large' },
      mediaType: {
        status: 415,
        when: 'the media type, the charset or the `Content-Encoding` of the body is not supported',
      },
      headerSize: { status: 431, when: 'all headers together are too large' },
      transferCoding: { status: 501, when: 'the `Transfer-Encoding` is not supported' },
    },
    meaning: 'The HTTP request is not a GraphQL request.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    otherwise: { asJson: { status: 200, when: 'the answer is `application/json`' } },
    meaning:
      'The request has the hash of a document instead of its text, but the server stores no documents. Send the text. Apollo Client and urql do this automatically.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 400,
    otherwise: { asJson: { status: 200, when: 'the answer is `application/json`' } },
    meaning:
      'No trusted document has the ID of the request, and other documents are accepted. Send the text. Apollo Client and urql do this automatically.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 400,
    otherwise: { asJson: { status: 200, when: 'the answer is `application/json`' } },
    meaning:
      'No trusted document has the ID of the request, and other documents are refused. Deploy the manifest of the client before the client.',
  },
  QUERY_NOT_IN_SAFELIST: {
    status: 403,
    meaning:
      'The server executes only trusted documents, and this document is not one of them. Send a document of a manifest, by its ID or unchanged.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'The server has a fault. Search the log for the request ID.',
  },
} as const;

/** The error codes of Claimgate. */
export type ErrorCode = keyof typeof kinds;

/** The status, challenge and advice of each code. */
export const errorKinds: Readonly<Record<ErrorCode, ErrorKind>> = kinds;

/** The reasons for which a code has another status. Most codes have no reasons. */
export type StatusReason<Code extends ErrorCode> = (typeof kinds)[Code] extends { readonly otherwise: infer Statuses }
  ? keyof Statuses
  : never;

/**
 * Returns the HTTP status of an answer that has only an error with this code.
 *
 * @param reason - selects one of the other statuses of the code. Default: the usual status
 */
export function statusOf<Code extends ErrorCode>(code: Code, reason?: StatusReason<Code>): number {
  const { status, otherwise = {} } = errorKinds[code];
  return (reason === undefined ? undefined : otherwise[String(reason)]?.status) ?? status;
}
