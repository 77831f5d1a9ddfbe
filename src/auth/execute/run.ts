import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { anonymous, principalIfMade, principalIn, type Principal } from '../../principal.ts';
import type { Decision } from '../decide/decide.ts';
import type { Fragments } from '../plan/fragments.ts';
import { CollectedErrors, type Path } from './errors.ts';
import { LateValues } from './json-text.ts';
import type { FieldPlan } from './prepare/query-plan.ts';

/** What an execution needs of its request. */
export interface RunInput {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  /** The coerced variables: a new object for each execution. */
  readonly variableValues: { [variable: string]: unknown };
}

/** The state of one execution. */
export class Run {
  readonly schema: GraphQLSchema;
  readonly context: unknown;
  readonly variables: { [variable: string]: unknown };
  readonly collected: CollectedErrors = new CollectedErrors();
  readonly late: LateValues = new LateValues();
  readonly #input: RunInput;
  /** The member `principal` of the context when the execution began. */
  readonly #caller: unknown;
  readonly #principal: Principal;
  readonly #decisions: (Decision | undefined)[] = [];
  readonly #nodes: FieldNode[][] = [];
  readonly #denials: (GraphQLError | undefined)[] = [];
  #fragments: Record<string, FragmentDefinitionNode> | undefined;

  constructor(input: RunInput) {
    this.#input = input;
    this.schema = input.schema;
    this.context = input.contextValue;
    this.variables = input.variableValues;
    this.#caller = callerIn(input.contextValue);
    // No rule allows the anonymous principal. A field with a rule then runs with its guard.
    this.#principal = isEmpty(this.#caller) ? anonymous : principalIfMade({ principal: this.#caller });
  }

  /** Whether a field runs without its guard. A resolver can change the context, so the caller is compared each time. */
  runsDirectly({ index, definition, resolve, direct }: FieldPlan): boolean {
    if (direct === null || definition.resolve !== resolve) return false;
    if (direct.rules.length === 0) return true;
    let decision = index < 0 ? undefined : this.#decisions[index];
    if (decision === undefined) {
      decision = direct.decide(this.#principal);
      if (index >= 0) this.#decisions[index] = decision;
    }
    return decision === 'allow' && principalIn(this.context) === this.#caller;
  }

  /** Returns the error with which the guard denied the field at an earlier position. It denies this position too. */
  earlierDenial({ index, definition, resolve }: FieldPlan): GraphQLError | undefined {
    if (index < 0 || definition.resolve !== resolve) return undefined;
    const error = this.#denials[index];
    return error !== undefined && principalIn(this.context) === this.#caller ? error : undefined;
  }

  /** Stores the error with which the guard denied a field. */
  noteDenial({ index, direct, args }: FieldPlan, info: GraphQLResolveInfo): void {
    if (index < 0 || direct === null || !args.isConstant || this.#decisions[index] !== 'deny') return;
    try {
      this.#denials[index] = direct.denialOf(info, this.context);
    } catch {
      // The guard could not begin, so it decides each position.
    }
  }

  /** Returns the array `fieldNodes` of a field. It is one array at all positions of the field, as in graphql-js. */
  nodesOf({ index, nodes }: FieldPlan): FieldNode[] {
    if (index < 0) return [...nodes];
    return (this.#nodes[index] ??= [...nodes]);
  }

  infoOf(field: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, operation, rootValue, fragments } = this.#input;
    return {
      fieldName: field.name,
      fieldNodes: this.nodesOf(field),
      returnType: field.definition.type,
      parentType: field.parentType,
      path,
      schema,
      fragments: (this.#fragments ??= Object.assign(Object.create(null), fragments)),
      rootValue,
      operation,
      variableValues: this.variables,
    };
  }
}

/** Returns the member `principal` of a context. If it cannot be read, each field with a rule runs with its guard. */
function callerIn(context: unknown): unknown {
  try {
    return principalIn(context);
  } catch {
    return Symbol('unreadable');
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A field at one position of the response. Its parts are made when they are read. */
export class Place {
  readonly field: FieldPlan;
  readonly path: Path;
  readonly #run: Run;
  #info: GraphQLResolveInfo | undefined;

  constructor(run: Run, field: FieldPlan, parent: Path | undefined) {
    this.#run = run;
    this.field = field;
    this.path = { prev: parent, key: field.key, typename: field.parentType.name };
  }

  /** The `info` of graphql-js. All functions that are called for the position get the same object. */
  get info(): GraphQLResolveInfo {
    return (this.#info ??= this.#run.infoOf(this.field, this.path));
  }
}
