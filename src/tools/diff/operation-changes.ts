import { formOf } from '../../auth/algebra/form.ts';
import { createFindNeeds, type OperationNeeds, validated } from '../explain/needs.ts';
import { alternatives } from '../explain/report.ts';
import type { FoundOperation } from '../operations/operation.ts';
import type { RuleSource } from '../source/rule-source.ts';
import { createFindDifference } from './compare.ts';

/** How an operation of a client changed. `invalid`: the new schema does not accept it. `new`: only the new schema does. */
export interface OperationChange {
  readonly operation: FoundOperation;
  readonly change: 'needs less' | 'needs more' | 'needs other rules' | 'invalid' | 'new';
  /** The least scopes before and now, in words; for `invalid`, the fault. */
  readonly before: string;
  readonly after: string;
}

/**
 * Finds which operations need less or more with the new schema. Rules that hold only for some possible types of an
 * interface or a union count only if they are others: then the operation needs other rules.
 *
 * @throws {ToolFault} if an operation is valid for none of the schemas, or cannot be judged
 */
export function operationChanges(
  before: RuleSource,
  after: RuleSource,
  operations: readonly FoundOperation[],
): readonly OperationChange[] {
  const difference = createFindDifference();
  const [needsBefore, needsAfter] = [createFindNeeds(before), createFindNeeds(after)];
  return operations.flatMap((operation): readonly OperationChange[] => {
    const [fault] = validated(after, operation);
    const isKnown = validated(before, operation).length === 0;
    if (fault && isKnown) {
      return [{ operation, change: 'invalid', before: wordsOf(needsBefore(operation)), after: fault.message }];
    }
    const recent = needsAfter(operation);
    if (!isKnown) return [{ operation, change: 'new', before: 'not valid', after: wordsOf(recent) }];
    const old = needsBefore(operation);
    const [form, other] = [certainForm(recent), certainForm(old)];
    const [gained, lost] = [difference(form, other), difference(other, form)];
    const isSame = gained === null && lost === null;
    if (isSame && someTypes(recent) === someTypes(old)) return [];
    const change = isSame || (gained && lost) ? 'needs other rules' : gained ? 'needs less' : 'needs more';
    return [{ operation, change, before: wordsOf(old), after: wordsOf(recent) }];
  });
}

function certainForm({ elements }: OperationNeeds): ReturnType<typeof formOf> {
  return formOf([...new Set(elements.filter((one) => !one.isForSomeTypes).flatMap(({ rules }) => rules))]);
}

function someTypes({ elements }: OperationNeeds): string {
  const some = elements.filter(({ isForSomeTypes }) => isForSomeTypes);
  return JSON.stringify(some.map(({ coordinate, rules }) => [coordinate, rules.map(({ source }) => source)]));
}

function wordsOf({ token, leastScopes }: OperationNeeds): string {
  return token ? alternatives(leastScopes) : 'nothing';
}
