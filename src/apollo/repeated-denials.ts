import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { withoutRepeats } from '../request/repeated-denials.ts';

/** Removes the errors that repeat a denial from an answer that Apollo Server is about to send. */
export async function removeRepeats<Context extends object>({
  errors,
  response: { body },
}: Pick<GraphQLRequestContextWillSendResponse<Context>, 'errors' | 'response'>): Promise<void> {
  if (body.kind !== 'single' || !errors || body.singleResult.errors?.length !== errors.length) return;
  // Apollo Server formats each error in `errors`, in order. The guard knows only the objects in `errors`, not the
  // formatted errors.
  const distinct = new Set(withoutRepeats(errors));
  if (distinct.size === errors.length) return;
  body.singleResult.errors = body.singleResult.errors.filter((_, index) => {
    const error = errors[index];
    return error !== undefined && distinct.has(error);
  });
}
