import type { ValidationRule } from 'graphql';
import { SensitiveLiteralsRule } from './sensitive-literals.ts';
import { TokenMutationsRule } from './token-mutations.ts';

export { formatError } from './format-error.ts';

/** What every transport validates a document by, beside the rules of GraphQL itself. They look at nothing but document and schema. */
export const validationRules: readonly ValidationRule[] = [SensitiveLiteralsRule, TokenMutationsRule];
