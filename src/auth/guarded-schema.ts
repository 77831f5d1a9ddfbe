import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Principal } from '../principal.ts';
import type { Verdict } from './decide/verdict.ts';
import type { DirectiveNames } from './directive-names.ts';
import type { EnforcementOptions } from './guard/options.ts';
import type { SchemaModule } from './modules/module.ts';
import type { Variables } from './plan/conditions.ts';
import type { Rule } from './rules/rule.ts';

export interface GuardedSchemaOptions extends EnforcementOptions {
  readonly modules: readonly SchemaModule[];
  /**
   * What Claimgate's directives are called in these modules, where the usual names are taken: `{ auth: 'claims' }` for `@claims`.
   * The types of its arguments are then called after it: `ClaimsMode`, `ClaimsRule`, `ClaimsClaimRule`. A directive of a usual
   * name that a module defines is then the module's own, and guards nothing. Default: `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /** The scopes there are. A rule that names another one keeps the server from starting. Default: any may be named. */
  readonly scopes?: ReadonlySet<string>;
  /** Hears, while the schema is made, of what is no fault and may surprise: SHADOW rules, inherited ones, enum values. */
  readonly onWarning?: (warning: string) => void;
  /** Says what else is wrong with the joined schema, which has no resolvers yet: a fault a line, told together with all others. */
  readonly check?: (schema: GraphQLSchema) => readonly string[];
  /**
   * Called once, with the executable schema and its rules, before the guard is put around its resolvers: what it wraps runs for
   * allowed callers only.
   */
  readonly prepare?: (schema: GraphQLSchema, rules: readonly Rule[]) => void;
}

/** An operation that is about to run, and its caller. */
export interface OperationRequest {
  /** Parsed and valid. Its plan is kept beside this object. */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** As sent. Default: none. */
  readonly variables?: Variables | null | undefined;
  readonly principal: Principal;
}

/** An executable schema whose rules hold however it is executed. */
export interface GuardedSchema {
  readonly schema: GraphQLSchema;
  /** Every `@auth`, by number. */
  readonly rules: readonly Rule[];
  /**
   * Decides an operation before anything of it runs, so that a transport can answer with a status. What it lets run is still
   * guarded. An operation that the document does not have may run: executing it says so.
   *
   * It does not check that the document is valid. It coerces variables only where rules on inputs ask for their values.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED where fields are more than 200 deep, variables or literals too deep (`inputDepth`) or too many, or fragments
   * apply in too many ways; BAD_USER_INPUT where inputs with rules cannot be coerced in an operation that runs whole or not at all
   */
  decideOperation(request: OperationRequest): Verdict;
  /**
   * The least scopes with which nothing of an operation is denied for want of one, as far as that is known before it runs:
   * alternatives, in the grammar of `@auth(scope:)`. Empty: no scope is needed, which says nothing of a token.
   *
   * @throws {ClaimgateError} as `decideOperation` does, and BAD_USER_INPUT for queries too
   */
  neededScopes(request: Omit<OperationRequest, 'principal'>): readonly string[];
}
