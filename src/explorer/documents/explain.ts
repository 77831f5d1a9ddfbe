const missingFields = '{ token scopes claims account maxAge acr }';

/** Writes the operation that asks what another operation needs. @param field - the name of `explainOperation` */
export function explainDocument(field: string): string {
  return `query ExplainOperation($document: String!, $operationName: String, $variables: String) {
  explainOperation: ${field}(document: $document, operationName: $operationName, variables: $variables) {
    operationName outcome code leastScopes leastScopesCapped elementsCapped
    faults { message code line column }
    missing ${missingFields}
    elements {
      coordinate path line column decision
      rules { coordinate source words decision shadow missing ${missingFields} }
    }
  }
}`;
}
