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
   * The names of Claimgate's directives in these modules, if the default names are used for something else:
   * `{ auth: 'claims' }` for `@claims`. The types of its arguments are named after it: `ClaimsMode`, `ClaimsRule`,
   * `ClaimsClaimRule`. A directive of a default name that a module defines then belongs to the module and guards
   * nothing. Default: `auth`, `public`, `sensitive`.
   */
  readonly directives?: DirectiveNames;
  /** The scopes that rules may name. A rule that names another one is a fault at start. Default: any. */
  readonly scopes?: ReadonlySet<string>;
  /**
   * Called at start with each warning, such as a SHADOW rule, an inherited rule or a rule on an enum value. Default:
   * no-op.
   */
  readonly onWarning?: (warning: string) => void;
  /**
   * Returns further faults of the joined schema, which has no resolvers yet, a line each. They are reported together
   * with all others. Default: none.
   */
  readonly check?: (schema: GraphQLSchema) => readonly string[];
  /**
   * Called once with the executable schema and its rules, before the guard is put around the resolvers. A resolver that
   * it wraps runs only for callers whom the guard allows. Default: no-op.
   */
  readonly prepare?: (schema: GraphQLSchema, rules: readonly Rule[]) => void;
}

/** An operation that is about to run, and its caller. */
export interface OperationRequest {
  /** Parsed and valid. Its plan is stored beside this object. */
  readonly document: DocumentNode;
  /** Default: the document's only operation. */
  readonly operationName?: string | null | undefined;
  /** As sent. Default: none. */
  readonly variables?: Variables | null | undefined;
  readonly principal: Principal;
}

/** An executable schema that enforces its rules in every way of executing it. */
export interface GuardedSchema {
  readonly schema: GraphQLSchema;
  /** Every `@auth`, by number. */
  readonly rules: readonly Rule[];
  /**
   * Decides an operation before any part of it runs, so that a transport can answer with a status. The guard still
   * decides what then runs. If the document has no such operation, the verdict is `run`, and the executor reports it.
   *
   * It does not check that the document is valid. It coerces variables only if rules on inputs need their values.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED if fields are nested deeper than 200; if variables or literals are nested
   * deeper than `inputDepth` or hold too many values; if fragments apply in too many ways. BAD_USER_INPUT if inputs
   * with rules cannot be coerced in an operation that runs as a whole or not at all
   */
  decideOperation(request: OperationRequest): Verdict;
  /**
   * Finds the smallest sets of scopes that let every field of an operation through, as far as that is known before it
   * runs: alternatives, in the grammar of `@auth(scope:)`. Empty: no scope is needed. A token may be needed all the
   * same.
   *
   * @throws {ClaimgateError} as `decideOperation`, and BAD_USER_INPUT for queries too
   */
  neededScopes(request: Omit<OperationRequest, 'principal'>): readonly string[];
}
