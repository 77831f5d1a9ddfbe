import type { ApolloServerPlugin } from '@apollo/server';
import { planCheck } from '../auth/operation-check.ts';
import type { GuardedSchema } from '../auth/guarded-schema.ts';
import type { ChallengeOptions } from '../request/challenge.ts';
import { operationPlugin } from './operation.ts';

/**
 * Creates the plugin that decides each operation before it runs. A refused operation is answered with the status and
 * the challenge of RFC 6750 §3: 401 without a token, 403 with a token that lacks a scope. The executor can repeat the
 * error of a denied selection at each position in a list. The plugin removes the repeated errors.
 *
 * The schema enforces its rules itself. Without this plugin the same fields are denied, but the answer does not have
 * the status and the challenge.
 *
 * @param guarded - the schema that the server executes
 * @param options - the challenge of refused operations
 */
export function planPlugin<Context extends object>(
  guarded: Pick<GuardedSchema, 'decideOperation'>,
  options: ChallengeOptions,
): ApolloServerPlugin<Context> {
  return operationPlugin([planCheck(guarded)], options);
}
