import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { KnownOperations } from '../../api/operation/operation.ts';

/** Apollo Server also begins an execution if the document does not have the operation. Its types do not say so. */
interface ExecutionStart {
  readonly operation?: OperationDefinitionNode;
  readonly source: string;
  readonly document: DocumentNode;
}

/**
 * Makes the plugin that makes the document of a query or mutation known when Apollo Server begins to execute it. The
 * document has then been parsed and validated, and every check has let the operation through.
 */
export function rememberDocuments<Context extends object>(
  known: Pick<KnownOperations, 'remember'>,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      executionDidStart: async ({ operation, source, document }: ExecutionStart) => {
        if (operation && operation.operation !== OperationTypeNode.SUBSCRIPTION) known.remember(source, document);
      },
    }),
  };
}
