import type { DeclineReason } from '../../api/operation/operation.ts';

/**
 * Why a request to `/graphql` does not go through the lane.
 *
 * - `off`: `CLAIMGATE_LANE` is `off`, or this version of Node is not fit for the lane. `tracing`: traces are sent.
 * - `method`, `target`: not a POST, or a target with a query string.
 * - `type`, `coding`, `size`, `accept`, `connection`: an unusual `Content-Type`; a coding; a body without a length, or
 *   too large; an `Accept` header with another form of answer, or in unusual writing; `Upgrade` or `Expect`.
 * - `proxy`: the first request with `X-Forwarded-For` although no proxy is trusted. The log warns of it.
 * - `pipelined`: the request has waited for other pipelined requests of its connection.
 * - `draining`: the server is ending.
 * - `body`: the body is not a GraphQL request in JSON.
 * - `caller`: the credential is refused.
 * - `document`: the document is not trusted, and the caller may not send others.
 * - `aborted`: the client disconnected before the answer.
 * - `fault`: the lane itself has a fault.
 */
export type LaneReason =
  | 'off'
  | 'tracing'
  | 'method'
  | 'target'
  | 'type'
  | 'coding'
  | 'size'
  | 'accept'
  | 'connection'
  | 'proxy'
  | 'pipelined'
  | 'draining'
  | 'body'
  | 'caller'
  | 'document'
  | 'aborted'
  | 'fault'
  | DeclineReason;

/** What the metrics count about a request to `/graphql`. */
export type LaneOutcome = 'answered' | LaneReason;
