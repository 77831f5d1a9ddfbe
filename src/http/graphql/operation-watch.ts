import type { ApolloServerPlugin } from '@apollo/server';
import type { CountedOperation } from '../../observe/metrics.ts';
import { operationOutcome } from '../../observe/outcome.ts';
import { isRecord } from '../../protocol/record.ts';

/** Hears what became of each operation. May not throw. */
export type OnOperation = (operation: CountedOperation) => void;

/** Tells what became of each operation over HTTP; of one whose caller could not be found out the type is not known. */
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
