import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { withoutRepeats } from '../request/repeated-denials.ts';

/** Removes the errors that repeat a denial from an answer of Apollo Server. */
export async function removeRepeats<Context extends object>({
  errors,
  response: { body },
}: Pick<GraphQLRequestContextWillSendResponse<Context>, 'errors' | 'response'>): Promise<void> {
  if (body.kind !== 'single' || !errors || body.singleResult.errors?.length !== errors.length) return;
  // Repeated denials are found in `errors`. The formatted errors of the answer have the same order.
  const distinct = new Set(withoutRepeats(errors));
  if (distinct.size === errors.length) return;
  body.singleResult.errors = body.singleResult.errors.filter((_, index) => {
    const error = errors[index];
    return error !== undefined && distinct.has(error);
  });
}
