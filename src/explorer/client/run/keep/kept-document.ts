import { isSecretName } from './credentials.ts';
import { type Secrecy, secretVariablesOf } from './kept-variables.ts';
import { type KeptDocument, withoutSecretLiterals } from './secret-literals.ts';

/**
 * Empties the literals of a document that may be secret: those of an argument, an input field or a variable that has
 * the name of a sensitive input of the schema, or a name that secrets usually have. If it is not known which inputs are
 * sensitive, all texts are emptied.
 */
export function keptDocument(document: string, secrecy: Secrecy): KeptDocument {
  const { sensitiveNames } = secrecy;
  let secret: ReadonlySet<string> | null | undefined;
  return withoutSecretLiterals(document, {
    isUnknown: sensitiveNames === null,
    isSecretName: (name) => isSecretName(name) || (sensitiveNames?.has(name) ?? false),
    isSecretVariable(name) {
      secret = secret === undefined ? secretVariablesOf(document, secrecy) : secret;
      return isSecretName(name) || (secret?.has(name) ?? true);
    },
  });
}

/** Returns the name of the argument or input field at a coordinate: `Type.field(argument:)` or `Input.field`. */
export function nameAt(coordinate: string): string {
  return /(\w+)(?::\))?$/.exec(coordinate)?.[1] ?? coordinate;
}
