import { isOutage } from '../../errors.ts';
import { errors } from './driver-messages.ts';

/**
 * What a driver threw, in a sentence for the person who runs the server, with what to do where that is known. It holds no
 * password: drivers name users, hosts, databases and files.
 *
 * @returns null for an error that is no database's: a defect, whose stack is wanted
 */
export function databaseReason(error: unknown): string | null {
  if (isOutage(error) && error.cause !== undefined) return databaseReason(error.cause);
  if (error instanceof AggregateError) {
    // The name of a host that has several addresses fails with one error for each.
    const reasons = error.errors.map(databaseReason);
    return reasons.includes(null) ? null : [...new Set(reasons)].join(', ');
  }
  if (!(error instanceof Error)) return null;
  const known = errors.find(({ matches }) => matches(error));
  if (!known) return null;
  const said = oneLine(error.message || codeOf(error));
  return known.advice === '' ? said : `${said}: ${known.advice}`;
}

/** A message in one line: some of OpenSSL's end with a line end, and a server may say anything. */
export function oneLine(message: string): string {
  return message.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}
