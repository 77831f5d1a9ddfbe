import { type DocumentNode, type DirectiveNode, type OperationDefinitionNode, validate } from 'graphql';
import { createEnforcement, type Enforcement } from '../../auth/guard/enforcement.ts';
import { maxInputDepth } from '../../auth/inputs/limits.ts';
import type { DecidedField } from '../../auth/explain/decided-field.ts';
import { operationNeeds } from '../../auth/explain/operation-needs.ts';
import type { SuppliedInputs } from '../../auth/explain/static-variables.ts';
import type { Rule } from '../../auth/rules/rule.ts';
import type { ScopeAlternatives } from '../../auth/rules/scope.ts';
import { ClaimgateError } from '../../errors.ts';
import { entryFault } from '../operations/parse.ts';
import type { FoundOperation } from '../operations/operation.ts';
import { faultOfErrors, ToolFault } from '../report/fault.ts';
import type { RuleSource } from '../source/rule-source.ts';

/** An element that an operation uses, with the rules that hold there. SHADOW rules are left out. */
export interface NeededElement {
  readonly coordinate: string;
  /** The line of the first field that uses the element: in the file, or for a manifest in the document. */
  readonly line: number;
  readonly rules: readonly Rule[];
  /** Whether the operation uses the element only with some values of its variables. */
  readonly isOptional: boolean;
  /** Whether the rules hold only for some possible types of an interface or a union. */
  readonly isForSomeTypes: boolean;
}

/** What an operation needs so that no rule denies a part of it for want of a scope. */
export interface OperationNeeds {
  readonly operation: FoundOperation;
  /** Whether the caller needs a token. */
  readonly token: boolean;
  /**
   * The smallest sets of scopes, as alternatives, with all values of the variables. `[[]]`: no scope is needed. `[]`: no
   * scopes are enough.
   */
  readonly leastScopes: ScopeAlternatives;
  /** Whether smaller alternatives can exist. */
  readonly isCapped: boolean;
  /** The smallest sets if the variables leave out every optional part. `null`: they are the same. */
  readonly withoutOptional: ScopeAlternatives | null;
  readonly elements: readonly NeededElement[];
}

/** Finds what operations need. */
export type FindNeeds = (operation: FoundOperation) => OperationNeeds;

/**
 * Makes the function that finds what the operations of a client need from a schema. It decides as `explainOperation` does,
 * for variables that are not known.
 *
 * The function throws {ToolFault} if the operation is not valid for the schema, or is too large to be judged.
 */
export function createFindNeeds(source: RuleSource): FindNeeds {
  const enforcement = createEnforcement(source.schema, source.rules, { inputDepth: maxInputDepth });
  return (operation) => {
    const errors = validated(source, operation);
    if (errors.length > 0) {
      throw operation.id === null ? faultOfErrors(errors, operation.place.file) : entryFault(errors, operation.place);
    }
    try {
      const possible = walked(source, enforcement, operation.document, 'possible');
      const certain = walked(source, enforcement, operation.document, 'certain');
      const isSame = JSON.stringify(possible.leastScopes) === JSON.stringify(certain.leastScopes);
      return {
        operation,
        token: possible.elements.size > 0,
        leastScopes: possible.leastScopes,
        isCapped: possible.isCapped,
        withoutOptional: isSame ? null : certain.leastScopes,
        elements: [...possible.elements.values()].map((element) => ({
          ...element,
          isOptional: !certain.elements.has(element.coordinate),
        })),
      };
    } catch (error) {
      if (!(error instanceof ClaimgateError || error instanceof RangeError)) throw error;
      const reason = error instanceof RangeError ? 'it is nested too deep.' : error.message;
      throw new ToolFault(operation.place, `the operation cannot be judged: ${reason}`);
    }
  };
}

/**
 * Validates an operation.
 *
 * @throws {ToolFault} if it is nested too deep, for example in thousands of fragments
 */
export function validated({ schema }: RuleSource, { document, place }: FoundOperation): ReturnType<typeof validate> {
  try {
    return validate(schema, document, undefined, { maxErrors: 20 });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ToolFault(place, 'the operation cannot be judged: it is nested too deep.');
  }
}

interface Walked {
  readonly leastScopes: ScopeAlternatives;
  readonly isCapped: boolean;
  readonly elements: ReadonlyMap<string, Omit<NeededElement, 'isOptional'>>;
}

function walked(
  source: RuleSource,
  enforcement: Enforcement,
  document: DocumentNode,
  supplied: SuppliedInputs,
): Walked {
  const elements = new Map<string, Omit<NeededElement, 'isOptional'>>();
  const { leastScopes, leastScopesCapped: isCapped } = operationNeeds(
    source.schema,
    enforcement,
    document,
    supplied,
    (field) => addElements(elements, field, field.field.node, source.rules),
  );
  return { leastScopes, isCapped, elements };
}

function addElements(
  elements: Map<string, Omit<NeededElement, 'isOptional'>>,
  field: DecidedField,
  { loc }: DirectiveNode | { readonly loc?: OperationDefinitionNode['loc'] | undefined },
  all: readonly Rule[],
): void {
  const line = loc ? loc.startToken.line + loc.source.locationOffset.line - 1 : 0;
  for (const { coordinate, ids } of field.elements) {
    const rules = ids.flatMap((id) => all[id] ?? []).filter(({ mode }) => mode === 'ENFORCE');
    if (rules.length === 0) continue;
    const isForSomeTypes = !rules.every(({ id }) => field.always.includes(id));
    const known = elements.get(coordinate);
    elements.set(coordinate, {
      coordinate,
      line: known?.line ?? line,
      rules: [...new Set([...(known?.rules ?? []), ...rules])],
      isForSomeTypes: isForSomeTypes && (known?.isForSomeTypes ?? true),
    });
  }
}
