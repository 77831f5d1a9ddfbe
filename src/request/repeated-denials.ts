import type { GraphQLError } from 'graphql';
import { repeatsDenial } from '../auth/decide/denial-error.ts';

/**
 * Returns the errors of one answer without repeated denials. The executor can repeat the error of a denied selection at
 * each position in a list.
 */
export function withoutRepeats(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const repeats = repeatsDenial();
  return errors.filter((error) => !repeats(error));
}
