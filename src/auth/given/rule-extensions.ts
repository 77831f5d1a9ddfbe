/** A condition on one claim, as an object: exactly one of `oneOf`, `contains` and `exists`. */
export type ClaimObject = {
  /** The name of a claim, or the names of members from the outside in. */
  readonly claim: string | readonly string[];
} & (
  | { readonly oneOf: string | readonly string[]; readonly contains?: never; readonly exists?: never }
  | { readonly contains: string; readonly oneOf?: never; readonly exists?: never }
  | { readonly exists: true; readonly oneOf?: never; readonly contains?: never }
);

/** The members of a rule, or of one alternative of its `anyOf`. All must hold. */
export interface RequirementObject {
  /** Alternatives. Each is an OAuth scope string: `'a b'` needs both scopes. */
  readonly scope?: string | readonly string[];
  readonly claims?: ClaimObject | readonly ClaimObject[];
  /** A field of the same type, or an argument of the field: `'$id'`. */
  readonly owner?: string;
  /** Names of policies. */
  readonly policy?: string | readonly string[];
  /** In seconds. */
  readonly maxAge?: number;
  readonly acr?: string | readonly string[];
}

/** A rule as an object. The members have the meaning of the arguments of `@auth`. `{}`: any valid access token. */
export interface RuleObject extends RequirementObject {
  readonly anyOf?: RequirementObject | readonly RequirementObject[];
  /** Default `ENFORCE`. */
  readonly mode?: 'ENFORCE' | 'SHADOW';
}

/**
 * The members of `extensions` that `createGuardedSchema({ schema })` reads, under their default names. To check them,
 * write `extensions: { auth: { scope: ['orders:read'] } } satisfies RuleExtensions`.
 */
export interface RuleExtensions {
  /** One rule, or rules that must all hold. */
  readonly auth?: RuleObject | readonly RuleObject[];
  /** The root field is public. */
  readonly public?: true;
  /** The value of an argument or input field is a secret. */
  readonly sensitive?: true;
}
