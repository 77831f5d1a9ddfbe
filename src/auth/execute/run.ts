import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { anonymous, principalIfMade, principalIn, type Principal } from '../../principal.ts';
import type { Fragments } from '../plan/fragments.ts';
import { CollectedErrors, type Path } from './errors.ts';
import { LateValues } from './json-text.ts';
import type { DirectField } from './prepare/direct-field.ts';
import type { FieldPlan } from './prepare/query-plan.ts';

const noErrors: readonly GraphQLError[] = Object.freeze([]);

/** Returns the bit of a field by its index. 0: the field has none. V8 keeps 30 bits of a number without an object. */
export function bitOf(index: number): number {
  return index >= 0 && index < 30 ? 1 << index : 0;
}

/** Coerced variables: a new object for each execution. */
export type CoercedVariables = Record<string, unknown>;

/** The state of one execution. The parts that few executions need are made when they are first needed. */
export class Run {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  readonly rootValue: unknown;
  readonly context: unknown;
  /** Whether each text waits as long as in graphql-js, because an error depends on the time of a text. */
  isExact = false;
  /** The member `principal` of the context when the execution began. */
  readonly caller: unknown;
  readonly #principal: Principal;
  #variables: CoercedVariables | null;
  #collected: CollectedErrors | null = null;
  #late: LateValues | null = null;
  /** The bits of the fields whose rules are decided. */
  #decided = 0;
  /** The bits of the fields whose rules let the caller in. If there is one, the context is an object. */
  allowed = 0;
  #nodes: FieldNode[][] | null = null;
  #denials: (GraphQLError | undefined)[] | null = null;
  #copiedFragments: Record<string, FragmentDefinitionNode> | null = null;

  /** @param variables - `null`: the operation has no variables */
  constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Fragments,
    rootValue: unknown,
    context: unknown,
    variables: CoercedVariables | null,
  ) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragments;
    this.rootValue = rootValue;
    this.context = context;
    this.#variables = variables;
    this.caller = callerIn(context);
    // No rule allows the anonymous principal. A field with a rule then runs with its guard.
    this.#principal = isEmpty(this.caller) ? anonymous : principalIfMade({ principal: this.caller });
  }

  get variables(): CoercedVariables {
    return (this.#variables ??= {});
  }

  /** Whether a field runs without its guard. A resolver can change the context, so the caller is compared each time. */
  runsDirectly(field: FieldPlan): boolean {
    const { definition, resolve, direct } = field;
    if (direct === null || definition.resolve !== resolve) return false;
    if (direct.rules.length === 0) return true;
    return this.#allows(field.index, direct) && this.#hasSameCaller();
  }

  /**
   * Whether the rules that allowed a field still allow its values. A resolver can change the context while the field
   * runs. The guard then decides the values for the caller that the context has now.
   */
  allowsValues({ direct }: FieldPlan): boolean {
    return direct === null || direct.rules.length === 0 || this.#hasSameCaller();
  }

  #hasSameCaller(): boolean {
    return principalIn(this.context) === this.caller;
  }

  /** Decides the rules of a field, for the first fields of the query one time. The decision does not change. */
  #allows(index: number, { decide, rules }: DirectField): boolean {
    const bit = bitOf(index);
    if ((this.#decided & bit) !== 0) return (this.allowed & bit) !== 0;
    const isAllowed = decide(rules, this.#principal) === 'allow';
    this.#decided |= bit;
    if (isAllowed) this.allowed |= bit;
    return isAllowed;
  }

  /** Returns the error with which the guard denied the field at an earlier position. It denies this position too. */
  earlierDenial({ index, definition, resolve }: FieldPlan): GraphQLError | undefined {
    if (this.#denials === null || index < 0 || definition.resolve !== resolve) return undefined;
    const error = this.#denials[index];
    return error !== undefined && this.#hasSameCaller() ? error : undefined;
  }

  /** Stores the error with which the guard denied a field. */
  noteDenial({ index, direct, args }: FieldPlan, info: GraphQLResolveInfo): void {
    if (index < 0 || direct === null || !args.isConstant || direct.rules.length === 0) return;
    if (direct.decide(direct.rules, this.#principal) !== 'deny') return;
    try {
      (this.#denials ??= [])[index] = direct.denialOf(info, this.context);
    } catch {
      // The guard could not begin, so it decides each position.
    }
  }

  /** Adds an error. @param path - the position that becomes null. `undefined`: the whole result */
  addError(error: GraphQLError, path: Path | undefined): void {
    (this.#collected ??= new CollectedErrors()).add(error, path);
  }

  get errors(): readonly GraphQLError[] {
    return this.#collected === null ? noErrors : this.#collected.errors;
  }

  /** The values that are written when the whole result is known. */
  get late(): LateValues {
    return (this.#late ??= new LateValues());
  }

  /** Returns the text of a complete result. */
  complete(text: string): string {
    return this.#late === null ? text : this.#late.complete(text);
  }

  /** Returns the array `fieldNodes` of a field. It is one array at all positions of the field, as in graphql-js. */
  nodesOf({ index, nodes }: FieldPlan): FieldNode[] {
    if (index < 0) return [...nodes];
    return ((this.#nodes ??= [])[index] ??= [...nodes]);
  }

  infoOf(field: FieldPlan, path: Path): GraphQLResolveInfo {
    return {
      fieldName: field.name,
      fieldNodes: this.nodesOf(field),
      returnType: field.definition.type,
      parentType: field.parentType,
      path,
      schema: this.schema,
      fragments: (this.#copiedFragments ??= copyOf(this.fragments)),
      rootValue: this.rootValue,
      operation: this.operation,
      variableValues: this.variables,
    };
  }
}

/** Copies the fragments, because a resolver can change the object that it receives. */
function copyOf(fragments: Fragments): Record<string, FragmentDefinitionNode> {
  const copy: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const name in fragments) {
    if (fragments[name]) copy[name] = fragments[name];
  }
  return copy;
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
export class FieldPosition {
  readonly run: Run;
  readonly field: FieldPlan;
  readonly path: Path;
  #info: GraphQLResolveInfo | undefined;

  constructor(run: Run, field: FieldPlan, parent: Path | undefined) {
    this.run = run;
    this.field = field;
    this.path = { prev: parent, key: field.key, typename: field.parentType.name };
  }

  get isNonNull(): boolean {
    return this.field.returns.isNonNull;
  }

  /** The `info` of graphql-js. All functions that are called for the position get the same object. */
  get info(): GraphQLResolveInfo {
    return (this.#info ??= this.run.infoOf(this.field, this.path));
  }
}
