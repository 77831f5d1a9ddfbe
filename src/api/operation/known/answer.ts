import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { CountedOperation, OperationOutcome } from '../../../observe/metrics.ts';
import { operationOutcome } from '../../../observe/outcome.ts';
import type { AnswerHead } from '../../../request/answer/head.ts';
import { nonceFor, setNonce, setNonceHeaders } from '../../../request/answer/nonce.ts';
import { setOutage } from '../../../request/answer/outage.ts';
import { setRequestFault } from '../../../request/answer/request-fault.ts';
import type { ChallengeOptions } from '../../../request/challenge-options.ts';
import { formattedWithoutRepeats } from '../../../request/repeated-denials.ts';
import { type FormatError, formatErrors, toGraphqlError, withVariableCode } from './answer-errors.ts';

/** The media type of a single answer (GraphQL over HTTP, "Media Types"). The client's `Accept` header chooses it. */
export type AnswerType = 'application/json' | 'application/graphql-response+json';

/** The HTTP answer to a known operation. Its outcome has been reported, and its faults have been logged. */
export interface KnownAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /**
   * The headers that Apollo Server would set, in its order, with names in lower case. `content-type` is one of them.
   * If it is the only header, the array is `plainHeaders[type]`.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly outcome: OperationOutcome;
}

/** The headers of an answer that needs no other header, by media type. */
export const plainHeaders: Readonly<Record<AnswerType, KnownAnswer['headers']>> = {
  'application/json': [['content-type', 'application/json; charset=utf-8']],
  'application/graphql-response+json': [['content-type', 'application/graphql-response+json; charset=utf-8']],
};

/** What is reported about each answer. The functions must not throw. */
export interface KnownReports {
  /** Called with the errors of an answer before they are formatted, if there are any. It logs faults of the server. */
  readonly onErrors: (errors: readonly GraphQLError[]) => void;
  /** Called one time for each answer. Default: no-op. */
  readonly onOperation?: ((operation: CountedOperation) => void) | undefined;
}

/** The options of `createAnswers`. */
export interface AnswerOptions {
  /** The challenge of refused operations, with the checker of proofs that makes nonces. */
  readonly challenge: ChallengeOptions;
  readonly formatError: FormatError;
  readonly reports: KnownReports;
}

/** The request of an answer. */
export interface Answered {
  readonly operation: CountedOperation['type'];
  readonly contextValue: unknown;
  readonly type: AnswerType;
}

/**
 * Makes the answers that Apollo Server with the plugins of the server would send. Each answer is reported once. No
 * function throws.
 */
export interface Answers {
  /** @param data - the JSON text of `data` */
  ofResult(data: string, errors: readonly GraphQLError[], request: Answered): KnownAnswer;
  /** Makes the answer if nothing was executed. */
  ofRefusal(error: unknown, request: Answered): KnownAnswer;
  /** Makes the answer if the data of a result cannot be written as JSON. */
  ofFailure(error: unknown, request: Answered): KnownAnswer;
}

/** Makes the functions that make answers. */
export function createAnswers({ challenge: { proofs }, formatError, reports }: AnswerOptions): Answers {
  /** @param data - undefined: nothing was executed */
  function withErrors(
    data: string | undefined,
    errors: readonly GraphQLError[],
    { operation, contextValue, type }: Answered,
  ): KnownAnswer {
    const head: Head = { status: undefined, headers: new Map() };
    const formatted = formattedWithoutRepeats(errors, formatErrors(errors, formatError, head));
    if (data === undefined) head.status ||= 500;
    if (data === undefined && type === 'application/json') setRequestFault(formatted, head);
    setOutage({ errors: formatted, data: () => (data === undefined ? null : JSON.parse(data)) }, head);
    setNonce(contextValue, proofs, head);
    const outcome = operationOutcome({ data: data === undefined || data === 'null' ? null : true, errors: formatted });
    reports.onErrors(errors);
    reports.onOperation?.({ type: operation, outcome });
    try {
      const text = `{"errors":${JSON.stringify(formatted)}${data === undefined ? '' : `,"data":${data}`}}\n`;
      return complete(head, type, text, outcome);
    } catch (error) {
      return unwritable(error, type); // For example, an extension of an error is a BigInt.
    }
  }

  /** Makes the answer of Apollo Server if `JSON.stringify` throws. It has none of the headers for the result. */
  function unwritable(error: unknown, type: AnswerType): KnownAnswer {
    const head: Head = { status: undefined, headers: new Map() };
    const errors = formatErrors([error], formatError, head);
    head.status ||= 500;
    for (const [name, value] of plainHeaders[type]) head.headers.set(name, value);
    return complete(head, type, `${errorsText(errors)}}\n`, 'failed');
  }

  function success(data: string, { operation, contextValue, type }: Answered): KnownAnswer {
    const body = `{"data":${data}}\n`;
    const nonce = nonceFor(contextValue, proofs);
    reports.onOperation?.({ type: operation, outcome: 'ok' });
    if (nonce === null) return { kind: 'answer', status: 200, headers: plainHeaders[type], body, outcome: 'ok' };
    const head: Head = { status: undefined, headers: new Map() };
    setNonceHeaders(nonce, head);
    return complete(head, type, body, 'ok');
  }

  function ofFailure(error: unknown, { operation, type }: Answered): KnownAnswer {
    reports.onErrors([toGraphqlError(error)]);
    reports.onOperation?.({ type: operation, outcome: 'failed' });
    return unwritable(error, type);
  }

  return {
    ofResult(data, errors, request) {
      try {
        return errors.length > 0 ? withErrors(data, errors.map(withVariableCode), request) : success(data, request);
      } catch (fault) {
        return ofFailure(fault, request);
      }
    },
    ofRefusal(error, request) {
      try {
        return withErrors(undefined, [toGraphqlError(error)], request);
      } catch (fault) {
        return ofFailure(fault, request);
      }
    },
    ofFailure,
  };
}

/** Returns the text of the errors of a failure. An error of `toJSON` can have an extension that cannot be written. */
function errorsText(errors: readonly GraphQLFormattedError[]): string {
  try {
    return `{"errors":${JSON.stringify(errors)}`;
  } catch {
    return `{"errors":[{"message":"Internal server error","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]`;
  }
}

interface Head extends AnswerHead {
  readonly headers: Map<string, string>;
}

function complete({ status, headers }: Head, type: AnswerType, body: string, outcome: OperationOutcome): KnownAnswer {
  if (headers.size === 0) return { kind: 'answer', status: status || 200, headers: plainHeaders[type], body, outcome };
  // An error of a resolver can set the media type.
  const own = headers.get('content-type') ? [] : plainHeaders[type];
  return { kind: 'answer', status: status || 200, headers: [...headers, ...own], body, outcome };
}
