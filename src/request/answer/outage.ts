import { type ErrorCode, errorKinds } from '../../errors.ts';
import type { AnswerHead } from './head.ts';

const code = 'DATABASE_UNAVAILABLE' satisfies ErrorCode;

/** A result of an operation. */
interface Result {
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[] | undefined;
  /** Returns `data`. It is called only if an error reports an outage. */
  readonly data: () => unknown;
}

/**
 * Sets the status 503 and `Retry-After` if the database is unavailable. If at least one root field has data, the status
 * stays 200, and the answer has the errors of the other fields.
 */
export function setOutage({ errors = [], data }: Result, head: AnswerHead): void {
  if (!errors.some(({ extensions }) => extensions?.['code'] === code) || !isEmpty(data())) return;
  head.status = errorKinds[code].status;
  head.headers.set('retry-after', String(errorKinds[code].retryAfter));
}

function isEmpty(data: unknown): boolean {
  return !data || Object.values(data).every((value) => value === null);
}
