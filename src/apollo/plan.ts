import type { ApolloServerPlugin } from '@apollo/server';
import { planCheck } from '../auth/operation-check.ts';
import type { GuardedSchema } from '../auth/guarded-schema.ts';
import { checkServedSchema } from '../auth/guarded-mark.ts';
import { type ChallengeOptions, checkPlanArguments } from '../request/challenge-options.ts';
import { operationPlugin } from './operation.ts';

/**
 * Makes the plugin that decides each operation before it runs. The answer to a refused operation has the status and the
 * challenge of RFC 6750 §3. The status is 401 without a token, or if the person must authenticate again. In the other
 * cases of a denial it is 403. The plugin also removes repeated errors: the executor can repeat the error of a denied
 * selection at each position in a list.
 *
 * The schema enforces its rules without this plugin too. The plugin adds the status and the challenge, and refuses
 * inputs that are too deep before they are coerced. It does not deny single fields, because the schema does. Therefore
 * the server does not start if it executes a schema that is not guarded.
 *
 * @param guarded - the schema that the server executes
 * @param options - the challenge of refused operations
 * @throws StartError with all faults of the arguments
 */
export function planPlugin<Context extends object>(
  guarded: Pick<GuardedSchema, 'decideOperation'>,
  options: ChallengeOptions,
): ApolloServerPlugin<Context> {
  checkPlanArguments('planPlugin', guarded, options);
  const plugin = operationPlugin<Context>([planCheck(guarded)], options);
  return {
    async serverWillStart({ schema }) {
      checkServedSchema('planPlugin', schema);
    },
    async requestDidStart(request) {
      // A gateway can replace the schema after the start.
      checkServedSchema('planPlugin', request.schema);
      return plugin.requestDidStart?.(request);
    },
  };
}
