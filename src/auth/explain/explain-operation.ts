import { type GraphQLSchema, getOperationAST, getVariableValues, Kind, type OperationDefinitionNode } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import { decidePlanned, type Verdict } from '../decide/verdict.ts';
import type { Enforcement } from '../guard/enforcement.ts';
import type { OperationRequest } from '../guarded-schema.ts';
import type { Variables } from '../plan/conditions.ts';
import { type PlannedOperation, planOperation } from '../plan/planned-operation.ts';
import { checkSelectionDepth } from '../plan/selection-depth.ts';
import { collectElements } from './collected-elements.ts';
import { createDecideField } from './decided-field.ts';
import type { OperationExplanation, OperationFault, OperationOutcome } from './explanation.ts';
import { createFindMissing } from './missing-evidence.ts';
import { createNeeds } from './needs.ts';
import { walk } from './walk.ts';

/** Makes the function that explains operations. `GuardedSchema.explainOperation` describes it. */
export function createExplainer(
  schema: GraphQLSchema,
  enforcement: Enforcement,
): (request: OperationRequest) => OperationExplanation {
  const { explaining, inputDepth, clock } = enforcement;

  /** Decides the operation like `decideOperation`, and then coerces the variables like the executor. */
  function refusalOf(planned: PlannedOperation, sent: Variables, principal: Principal): Refused | null {
    try {
      const verdict: Verdict = decidePlanned(planned, explaining.judge, principal);
      if (verdict.kind === 'refuse') return { code: verdict.code, faults: [] };
      return variablesFault(schema, planned.operation, sent);
    } catch (error) {
      return refusedBy(error);
    }
  }

  function explain(planned: PlannedOperation, name: string | null, sent: Variables, principal: Principal) {
    const refusal = refusalOf(planned, sent, principal);
    const { operation, fragments, plan, variables } = planned;
    const faults = [...(refusal?.faults ?? [])];
    const missing = createFindMissing(principal, clock());
    const needs = createNeeds(enforcement, missing, principal);
    const elements = collectElements(enforcement, missing, principal);
    const seen = { denies: false, depends: false, isComplete: true };
    try {
      checkSelectionDepth(operation, fragments); // A refused operation can be too deep for a list of its paths.
      for (const walked of walk(plan, variables, createDecideField(schema, enforcement, variables, principal))) {
        needs.add(walked);
        elements.add(walked);
        if (!walked.isReached) continue;
        if (walked.decision === 'deny') seen.denies = true;
        if (walked.decision === 'depends') seen.depends = true;
        if (!walked.fault || faults.length > 0) continue;
        faults.push(faultOf(walked.fault, walked.field.node));
      }
    } catch (error) {
      seen.isComplete = false;
      if (faults.length === 0) faults.push(...refusedBy(error).faults);
    }
    return {
      operationName: name,
      outcome: refusal ? 'REFUSED' : outcomeOf(seen, faults.length > 0),
      code: refusal?.code ?? null,
      faults,
      ...elements.collected(seen.isComplete),
      ...needs.found(seen.isComplete),
    } satisfies OperationExplanation;
  }

  return (request) => {
    const operation = getOperationAST(request.document, request.operationName);
    if (!operation) return nothingExplained(null, noOperation(request.operationName));
    const name = operation.name?.value ?? null;
    try {
      const planned = planOperation(request, schema, inputDepth, explaining.plan);
      if (planned) return explain(planned, name, request.variables ?? {}, request.principal);
      return nothingExplained(name, noRootType(operation));
    } catch (error) {
      return nothingExplained(name, refusedBy(error));
    }
  };
}

/** A refusal. `faults` is empty if rules refuse. */
interface Refused {
  readonly code: string;
  readonly faults: readonly OperationFault[];
}

/** Explains an operation whose elements are not known. */
function nothingExplained(operationName: string | null, { code, faults }: Refused): OperationExplanation {
  return {
    operationName,
    outcome: 'REFUSED',
    code,
    faults,
    elements: [],
    elementsCapped: false,
    leastScopes: [[]],
    leastScopesCapped: false,
    missing: null,
  };
}

function outcomeOf(
  {
    denies,
    depends,
    isComplete,
  }: { readonly denies: boolean; readonly depends: boolean; readonly isComplete: boolean },
  hasFault: boolean,
): OperationOutcome {
  if (depends || !isComplete) return 'DEPENDS';
  return denies || hasFault ? 'RUNS_IN_PART' : 'RUNS';
}

/** Returns the refusal of an error of Claimgate. @throws every other error */
function refusedBy(error: unknown): Refused {
  if (!(error instanceof ClaimgateError)) throw error;
  return { code: error.code, faults: [faultOf(error)] };
}

function faultOf(
  { message, code }: Pick<OperationFault, 'message' | 'code'>,
  node?: Pick<OperationDefinitionNode, 'loc'>,
): OperationFault {
  const { line = null, column = null } = node?.loc?.startToken ?? {};
  return { message, code, line, column };
}

/** Returns the fault of variables that the executor cannot coerce. `null`: the executor can coerce them. The message has no value. */
function variablesFault(schema: GraphQLSchema, operation: OperationDefinitionNode, sent: Variables): Refused | null {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], sent, { maxErrors: 1 });
  if (!errors) return null;
  const node = errors[0]?.nodes?.find(({ kind }) => kind === Kind.VARIABLE_DEFINITION);
  const name = node?.kind === Kind.VARIABLE_DEFINITION ? `The variable "$${node.variable.name.value}"` : 'A variable';
  const code = 'BAD_USER_INPUT';
  return { code, faults: [faultOf({ code, message: `${name} is not of its type. Send a value of its type.` }, node)] };
}

function noOperation(name: string | null | undefined): Refused {
  const code = 'OPERATION_RESOLUTION_FAILURE';
  const message = name
    ? `The document has no operation named "${name}".`
    : 'The document must have exactly one operation, or the request must name one.';
  return { code, faults: [faultOf({ code, message })] };
}

function noRootType(operation: OperationDefinitionNode): Refused {
  const code = 'OPERATION_RESOLUTION_FAILURE';
  return { code, faults: [faultOf({ code, message: `The schema has no ${operation.operation}.` }, operation)] };
}
