import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Principal } from '../principal.ts';
import type { Verdict } from './decide/verdict.ts';
import type { DirectiveNames } from './directive-names.ts';
import type { EnforcementOptions } from './guard/options.ts';
import type { SchemaModule } from './modules/module.ts';
import type { Variables } from './plan/conditions.ts';
import type { Rule } from './rules/rule.ts';

/** Options of `createGuardedSchema`. */
export interface GuardedSchemaOptions extends EnforcementOptions {
  readonly modules: readonly SchemaModule[];
  /**
   * The names of Claimgate's directives in these modules, if the modules use a default name for another directive. With
   * `{ auth: 'claims' }`, a rule is written `@claims`, and the types of its arguments are `ClaimsMode`, `ClaimsRule`
   * and `ClaimsClaimRule`. A module may then define a directive `@auth` of its own, which guards nothing. Default:
   * `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /**
   * The scopes that rules may name. A rule that names any other scope is a fault at start. Default: rules may name any
   * scope.
   */
  readonly scopes?: ReadonlySet<string>;
  /**
   * Called at start with each warning. There is a warning, for example, for a SHADOW rule, for an inherited rule and
   * for a rule on an enum value that fields return. Default: no-op.
   */
  readonly onWarning?: (warning: string) => void;
  /**
   * Checks the joined schema, which has no resolvers yet. Returns one line for each fault. These faults are reported
   * together with the other faults of the joined schema. Default: no further check.
   */
  readonly check?: (schema: GraphQLSchema) => readonly string[];
  /**
   * Called once with the executable schema and its rules, before the guard is put around the resolvers. If the function
   * wraps a resolver, the wrapper runs only for callers whom the guard allows. Default: no-op.
   */
  readonly prepare?: (schema: GraphQLSchema, rules: readonly Rule[]) => void;
}

/** An operation that is about to run, and its caller. */
export interface OperationRequest {
  /**
   * The parsed and valid document. Plans are stored by the operations in this object, so use the same object again for
   * the same document.
   */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** The values of the variables as the client sent them. Default: no variables. */
  readonly variables?: Variables | null | undefined;
  readonly principal: Principal;
}

/** An executable schema that enforces its rules, whichever executor or transport uses it. */
export interface GuardedSchema {
  readonly schema: GraphQLSchema;
  /** Every rule of the schema. The index of a rule is its number. */
  readonly rules: readonly Rule[];
  /**
   * Decides an operation before any part of it runs, so that a transport can answer with an HTTP status. While the
   * operation runs, the guard still decides every field. If the document does not have the operation, the verdict is
   * `run`, and the executor reports the fault.
   *
   * This function does not check that the document is valid. It coerces variables only if rules on inputs need their
   * values.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED if fields of an operation that is not refused are nested deeper than 200;
   * if variables or literals are nested deeper than `inputDepth`; if the variables or the arguments of a field hold too
   * many values; if fragments apply to types in too many ways. BAD_USER_INPUT if inputs with rules cannot be coerced in
   * a mutation, in a subscription, or in a query with `denial: 'reject'`
   */
  decideOperation(request: OperationRequest): Verdict;
  /**
   * Finds the smallest sets of scopes that let every field of an operation through, as far as these sets are known
   * before the operation runs. Each string is one alternative, in the grammar of `@auth(scope:)`. Empty: no scope is
   * needed, but a token may be needed.
   *
   * @throws {ClaimgateError} as `decideOperation`, but the depth of fields is not checked, and BAD_USER_INPUT is thrown
   * for every query too
   */
  neededScopes(request: Omit<OperationRequest, 'principal'>): readonly string[];
}
