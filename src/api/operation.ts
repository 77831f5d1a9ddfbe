import type { ValidationRule } from 'graphql';
import { SensitiveLiteralsRule } from './sensitive-literals.ts';
import { NoTokenMutationsRule, TokenMutationsRule } from './token-mutations.ts';

export { formatError } from './format-error.ts';
export {
  createRunner,
  type PreparedOperation,
  type Runner,
} from './run.ts';
export { createSessions, type Session, type Sessions } from './session.ts';

/** What every transport validates a document by, beside the rules of GraphQL itself. They look at nothing but document and schema. */
export const validationRules: readonly ValidationRule[] = [SensitiveLiteralsRule, TokenMutationsRule];

/** The same for connections that outlive a request, where guesses would cost none. */
export const streamValidationRules: readonly ValidationRule[] = [SensitiveLiteralsRule, NoTokenMutationsRule];
