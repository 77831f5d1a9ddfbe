import { isOutage } from '../../errors.ts';
import { driverErrors } from './driver-messages.ts';

/**
 * Describes the error of a driver in one sentence for the operator, sometimes with advice. The sentence may name users,
 * hosts, databases and files, but contains no password.
 *
 * @returns null for an error that is not from the database. This error is a defect, and its stack should be logged.
 */
export function databaseReason(error: unknown): string | null {
  if (isOutage(error) && error.cause !== undefined) return databaseReason(error.cause);
  if (error instanceof AggregateError) {
    // If a host has several addresses, there is one error for each address.
    const reasons = error.errors.map(databaseReason);
    return reasons.includes(null) ? null : [...new Set(reasons)].join(', ');
  }
  if (!(error instanceof Error)) return null;
  const known = driverErrors.find(({ matches }) => matches(error));
  if (!known) return null;
  const message = oneLine(error.message || codeOf(error));
  return known.advice === '' ? message : `${message}: ${known.advice}`;
}

/** Returns a message as one line. Some messages of OpenSSL end with a line break, and a server can send any text. */
export function oneLine(message: string): string {
  return message.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}
