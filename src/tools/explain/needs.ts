import {
  type DocumentNode,
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  validate,
  visit,
} from 'graphql';
import { createEnforcement, type Enforcement } from '../../auth/guard/enforcement.ts';
import { createDecideField, type DecidedField } from '../../auth/explain/decided-field.ts';
import { createNeeds } from '../../auth/explain/needs.ts';
import { walk } from '../../auth/explain/walk.ts';
import { fragmentsOf } from '../../auth/plan/fragments.ts';
import type { Rule } from '../../auth/rules/rule.ts';
import type { ScopeAlternatives } from '../../auth/rules/scope.ts';
import { ClaimgateError } from '../../errors.ts';
import { anonymous } from '../../principal.ts';
import { entryFault } from '../operations/parse.ts';
import type { FoundOperation } from '../operations/operation.ts';
import { faultOfErrors, ToolFault } from '../report/fault.ts';
import type { RuleSource } from '../source/rule-source.ts';
import { staticVariables, type SuppliedInputs } from './static-variables.ts';

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
  const enforcement = createEnforcement(source.schema, source.rules, {});
  return (operation) => {
    const errors = validated(source, operation);
    if (errors.length > 0) {
      throw operation.id === null ? faultOfErrors(errors, operation.place.file) : entryFault(errors, operation.place);
    }
    try {
      const possible = walked(source, enforcement, operation.document, 'possible');
      const certain = walked(source, enforcement, withoutConditions(operation.document), 'certain');
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

function validated({ schema }: RuleSource, { document, place }: FoundOperation): ReturnType<typeof validate> {
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
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const plan = operation && enforcement.explaining.plan(operation, fragmentsOf(document));
  const elements = new Map<string, Omit<NeededElement, 'isOptional'>>();
  const needs = createNeeds(enforcement, () => null, anonymous);
  if (operation && plan) {
    const variables = staticVariables(source.schema, operation, supplied);
    const decideField = createDecideField(source.schema, enforcement, variables, anonymous);
    for (const field of walk(plan, variables, decideField)) {
      needs.add(field);
      addElements(elements, field, field.field.node, source.rules);
    }
  }
  const { leastScopes, leastScopesCapped: isCapped } = needs.found(true);
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

/** Leaves out the selections that `@skip` or `@include` with a variable can leave out. */
function withoutConditions(document: DocumentNode): DocumentNode {
  const isConditional = (node: { readonly directives?: readonly DirectiveNode[] | undefined }): boolean =>
    node.directives?.some(
      ({ name, arguments: args }) =>
        (name.value === 'skip' || name.value === 'include') && args?.some(({ value }) => value.kind === Kind.VARIABLE),
    ) ?? false;
  const drop = (node: Parameters<typeof isConditional>[0]): null | undefined =>
    isConditional(node) ? null : undefined;
  const definitions = document.definitions.map((node) =>
    visit(node as OperationDefinitionNode | FragmentDefinitionNode, {
      Field: drop,
      FragmentSpread: drop,
      InlineFragment: drop,
    }),
  );
  return { kind: Kind.DOCUMENT, definitions };
}
