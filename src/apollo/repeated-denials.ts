import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { formattedWithoutRepeats } from '../request/repeated-denials.ts';

/** Removes the errors that repeat a denial from an answer of Apollo Server. */
export async function removeRepeats<Context extends object>({
  errors,
  response: { body },
}: Pick<GraphQLRequestContextWillSendResponse<Context>, 'errors' | 'response'>): Promise<void> {
  if (body.kind !== 'single' || !errors || body.singleResult.errors?.length !== errors.length) return;
  body.singleResult.errors = formattedWithoutRepeats(errors, body.singleResult.errors);
}
