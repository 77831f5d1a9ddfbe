import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Principal } from '../principal.ts';
import type { Verdict } from './decide/verdict.ts';
import type { DirectiveNames } from './directive-names.ts';
import type { OperationExplanation } from './explain/explanation.ts';
import type { EnforcementOptions } from './guard/options.ts';
import type { SchemaModule } from './modules/module.ts';
import type { Variables } from './plan/conditions.ts';
import type { Rule } from './rules/rule.ts';

/** The options of `createGuardedSchema`, for modules or for one executable schema. */
export type GuardedSchemaOptions = GuardedModulesOptions | GivenSchemaOptions;

/** The options for a schema that consists of modules. */
export interface GuardedModulesOptions extends CommonOptions {
  /** The parts of the schema: SDL and resolvers. */
  readonly modules: readonly SchemaModule[];
  readonly schema?: never;
}

/** The options for an executable schema. */
export interface GivenSchemaOptions extends CommonOptions {
  /**
   * An executable schema, for example from `makeExecutableSchema`, GraphQL Modules, NestJS, Pothos or Nexus. It is
   * copied and not changed.
   *
   * A rule is a directive in the SDL (`astNode` and `extensionASTNodes`), or a member of `extensions`. Types, fields,
   * arguments, input fields and enum values may have `extensions`. Examples are `extensions: { auth: { scope:
   * ['orders:read'] } }`, `extensions: { public: true }` and `extensions: { sensitive: true }`. `auth` is one rule or a
   * list of rules. If an element has rules in both forms, all of them must hold.
   *
   * Does not find every lost rule. A tool that merges type definitions or transforms a schema can drop a rule without a
   * trace.
   */
  readonly schema: GraphQLSchema;
  readonly modules?: never;
}

/** The options that do not depend on the form of the schema. */
interface CommonOptions extends EnforcementOptions {
  /**
   * The names of Claimgate's directives. Set them if the schema uses a default name for another directive. With `{
   * auth: 'claims' }`, a rule is written `@claims` or `extensions: { claims: … }`. The types of its arguments are then
   * `ClaimsMode`, `ClaimsRule` and `ClaimsClaimRule`. A directive `@auth` of the schema then guards nothing. Default:
   * `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /**
   * The scopes that rules may name. A rule that names any other scope is a fault at start. Default: rules may name any
   * scope.
   */
  readonly scopes?: ReadonlySet<string>;
  /** Called at start with each warning, for example about a SHADOW rule or an inherited rule. Default: no-op. */
  readonly onWarning?: (warning: string) => void;
  /**
   * A further check. With `modules`, it receives the joined schema without resolvers. With `schema`, it receives the
   * copy of the schema. It returns one line for each fault. These faults are reported together with the other faults of
   * the schema. Default: no further check.
   */
  readonly check?: (schema: GraphQLSchema) => readonly string[];
  /**
   * Called with the executable schema and its rules, before the resolvers are wrapped with the guard. If the function
   * wraps a resolver, this wrapper does not run for a denied caller. Default: no-op.
   */
  readonly prepare?: (schema: GraphQLSchema, rules: readonly Rule[]) => void;
}

/** An operation that is about to run, and its caller. */
export interface OperationRequest {
  /**
   * The parsed and valid document. Use one object for all requests with the same document, because plans are stored by
   * the objects of its operations.
   */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** The values of the variables as the client sent them. Default: no variables. */
  readonly variables?: Variables | null | undefined;
  readonly principal: Principal;
}

/** An executable schema. Its resolvers enforce its rules, with and without `decideOperation`. */
export interface GuardedSchema {
  readonly schema: GraphQLSchema;
  /** Every rule of the schema. The index of a rule is its number. */
  readonly rules: readonly Rule[];
  /**
   * Decides whether an operation runs. A transport uses the verdict for the HTTP status. While the operation runs, the
   * guard still decides every field. If the document does not have the operation, the verdict is `run`, and the
   * executor reports the fault.
   *
   * This function does not check that the document is valid. It coerces variables only if rules on inputs need their
   * values.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED if the operation is not refused and its fields are nested deeper than 200;
   * if variables or literals are nested deeper than `inputDepth`; if the variables or the arguments of a field hold too
   * many values; if the plan of the operation is too large. BAD_USER_INPUT if inputs with rules cannot be coerced in a
   * mutation, in a subscription, or in a query with `denial: 'reject'`
   */
  decideOperation(request: OperationRequest): Verdict;
  /**
   * Finds the smallest sets of scopes that let every field of an operation through. Other parts of the rules can still
   * deny. Rules that are found only while the operation runs are not included. Each string is one alternative, in the
   * grammar of `@auth(scope:)`. There are at most 32. Empty: no scope is needed, but a token may be needed.
   *
   * @throws {ClaimgateError} the errors of `decideOperation`, except the error for the depth of fields. BAD_USER_INPUT
   * is thrown for every query too
   */
  neededScopes(request: Omit<OperationRequest, 'principal'>): readonly string[];
  /**
   * Explains the rules of an operation for a principal: whether the operation would run, which rules apply to which
   * elements, and what the principal lacks. It runs no resolver and no policy, reads no owner, stores nothing and calls
   * no callback of the options except `clock`. It takes about as long as planning.
   *
   * The outcome is `REFUSED` in these cases, and `code` names the reason:
   *
   * - `decideOperation` refuses the same request. The code is the code of the refusal.
   * - `decideOperation` throws an error for the same request. The code is the code of the error.
   * - The variables cannot be coerced: `BAD_USER_INPUT`.
   * - The document does not have the operation: `OPERATION_RESOLUTION_FAILURE`.
   *
   * In the last three cases, the message is in `faults`. The function does not throw these errors.
   *
   * This function does not check that the document is valid, or that its arguments without a rule can be coerced. It
   * does not use the option `hidesSchema`: it names elements of the schema and their rules for every principal. Call it
   * only for callers who may read the schema. It does not use the option `typeOf` either. The decisions hold for the time
   * of the call.
   */
  explainOperation(request: OperationRequest): OperationExplanation;
}
