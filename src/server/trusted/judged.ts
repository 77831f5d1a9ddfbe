import { setImmediate as pause } from 'node:timers/promises';
import { Kind, OperationTypeNode, parse } from 'graphql';
import { formOf } from '../../auth/algebra/form.ts';
import { operationNeeds } from '../../auth/explain/operation-needs.ts';
import { createEnforcement } from '../../auth/guard/enforcement.ts';
import { maxInputDepth } from '../../auth/inputs/limits.ts';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import type { Rule } from '../../auth/rules/rule.ts';
import { ClaimgateError } from '../../errors.ts';
import type { TrustedDocument } from './read.ts';

/** The largest number of documents that one check names. */
const maxNamed = 50;

/**
 * Names the documents that no token lets through completely, because the rules of their fields contradict each other. A
 * part that a variable can leave out does not count. The documents must be valid. A document that cannot be judged is not
 * named, because the server judges each of its requests.
 */
export async function* deniedDocuments(
  documents: Iterable<TrustedDocument>,
  { schema, rules }: Pick<GuardedSchema, 'schema' | 'rules'>,
): AsyncGenerator<string, void> {
  const enforcement = createEnforcement(schema, rules, {});
  let named = 0;
  for (const { text, place } of documents) {
    await pause();
    if (!isDenied(text)) continue;
    named += 1;
    if (named > maxNamed) {
      yield 'trustedDocuments: there are more documents that no token lets through';
      return;
    }
    yield `${place}: no token lets this document through completely, because the rules of its fields contradict each other`;
  }

  function isDenied(text: string): boolean {
    try {
      const found = new Set<Rule>();
      operationNeeds(schema, enforcement, parse(text), 'certain', ({ always }) => {
        for (const id of always) if (rules[id]) found.add(rules[id]);
      });
      const { alternatives, isCapped } = formOf([...found]);
      return alternatives.length === 0 && !isCapped;
    } catch (error) {
      if (error instanceof ClaimgateError || error instanceof RangeError) return false;
      throw error;
    }
  }
}

/**
 * Returns the texts of the queries of which no element has a rule, with all values of the variables. A text with several
 * operations is not one of them, and neither is a document that cannot be judged.
 */
export async function publicQueries(
  texts: Iterable<string>,
  { schema, rules }: Pick<GuardedSchema, 'schema' | 'rules'>,
): Promise<ReadonlySet<string>> {
  const enforcement = createEnforcement(schema, rules, { inputDepth: maxInputDepth });
  const found = new Set<string>();
  for (const text of texts) {
    await pause();
    if (isPublic(text)) found.add(text);
  }
  return found;

  function isPublic(text: string): boolean {
    try {
      const document = parse(text);
      const [operation, ...others] = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
      if (operation?.operation !== OperationTypeNode.QUERY || others.length > 0) return false;
      let isGuarded = false;
      operationNeeds(schema, enforcement, document, 'possible', ({ elements, always, ofTypes }) => {
        if (elements.length > 0 || always.length > 0 || ofTypes.length > 0) isGuarded = true;
      });
      return !isGuarded;
    } catch (error) {
      if (error instanceof ClaimgateError || error instanceof RangeError) return false;
      throw error;
    }
  }
}
