import { ClaimgateError } from '../../errors.ts';
import { type LimitName, limitKinds } from './limits.ts';

/**
 * Returns the error of a limit.
 *
 * @param allowed - the limit
 * @param found - the counted number. Default: counting stopped at the limit
 */
export function limitExceeded(limit: LimitName, allowed: number, found?: number): ClaimgateError {
  const figure = found === undefined ? 'more' : String(found);
  const message = `The document exceeds the limit "${limit}": ${allowed} allowed, ${figure} found (${limitKinds[limit].counts.replaceAll('`', '')}).`;
  return new ClaimgateError('LIMIT_EXCEEDED', message, {
    evidence: { limit, allowed, ...(found !== undefined && { found }) },
  });
}
