import type { ApolloServerPlugin } from '@apollo/server';
import type { CountedOperation } from '../../observe/metrics.ts';
import { operationOutcome } from '../../observe/outcome.ts';
import { isRecord } from '../../protocol/record.ts';

/** Called with the outcome of each operation. Must not throw. */
export type OnOperation = (operation: CountedOperation) => void;

/**
 * Makes a plugin that reports the outcome of each operation that Apollo Server handles. The type of the operation is
 * `unknown` if the credential is refused, the document is not valid, or the operation is not found.
 */
export function watchOperations<Context extends object>(onOperation: OnOperation): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ operation, response: { body } }) => {
        if (body.kind !== 'single') return;
        onOperation({ type: operation?.operation ?? 'unknown', outcome: operationOutcome(body.singleResult) });
      },
    }),
    contextCreationDidFail: async ({ error }) => {
      const extensions = 'extensions' in error && isRecord(error.extensions) ? error.extensions : undefined;
      onOperation({ type: 'unknown', outcome: operationOutcome({ errors: [{ extensions }] }) });
    },
  };
}
