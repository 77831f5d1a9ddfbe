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

/**
 * Returns the formatted errors of one answer without repeated denials.
 *
 * @param errors - the errors before they were formatted, in the same order
 */
export function formattedWithoutRepeats<Formatted>(
  errors: readonly Error[],
  formatted: readonly Formatted[],
): Formatted[] {
  const repeats = repeatsDenial();
  const isRepeated = errors.map((error) => repeats(error));
  return formatted.filter((_, index) => isRepeated[index] !== true);
}
