import { setImmediate as pause } from 'node:timers/promises';
import { parse } from 'graphql';
import { formOf } from '../../auth/algebra/form.ts';
import { operationNeeds } from '../../auth/explain/operation-needs.ts';
import { createEnforcement } from '../../auth/guard/enforcement.ts';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import type { Rule } from '../../auth/rules/rule.ts';
import { ClaimgateError } from '../../errors.ts';
import type { TrustedDocument } from './read.ts';

/** The largest number of documents that one check names. */
const maxNamed = 50;

/**
 * Names the documents that no token lets through completely, because the rules of their fields contradict each other. A
 * part that a variable can leave out does not count. The documents are valid. A document that cannot be judged is not named: the server judges each of its requests.
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
    if (named > maxNamed) return yield 'trustedDocuments: there are more documents that no token lets through';
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
