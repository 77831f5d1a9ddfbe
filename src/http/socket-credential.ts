import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors.ts';

/** The credential in the header of the upgrade and those in a payload. Two of them are as wrong as two headers. */
export function credentialHeaders(rawHeaders: readonly string[], authorizations: readonly string[]): readonly string[] {
  const own = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^(authorization|dpop)$/i.test(name) ? [name, rawHeaders[index + 1] ?? ''] : [],
  );
  return [...own, ...authorizations.flatMap((value) => ['authorization', value])];
}

/**
 * The members of a payload that are called as the header is, in any case.
 *
 * @throws GraphQLError `INVALID_REQUEST` where one is not a string
 */
export function authorizationsOf(payload: unknown): readonly string[] {
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload)
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .map(([, value]) => {
      if (typeof value === 'string') return value;
      throw invalidCredential();
    });
}

/** The error of a payload that does not hold at most one credential. */
export function invalidCredential(): GraphQLError {
  const extensions = { code: 'INVALID_REQUEST' satisfies ErrorCode };
  return new GraphQLError('authorization: expected one string', { extensions });
}
