/**
 * The effective rule of a field, written by hand from the lines of the annotated SDL. For each coordinate, these lines were
 * read: the field, its type, the interfaces of the type and their same field, the type of its value, and the possible types
 * of an interface or a union. A text is the `scope` of one rule: alternatives with ` | ` between them, each a set of scopes.
 * An empty text is a rule without a scope. All rules must hold.
 *
 * A possible type is a rule of the field only if every possible type has one. None of the samples has such a type.
 */
export interface Sample {
  /** The rule that the field carries. */
  readonly field?: string;
  /** The rule of the type that has the field. */
  readonly type?: string;
  /** The rule of the same field of an interface. */
  readonly interfaceField?: string;
  /** The rule of the object type that the field returns. */
  readonly returned?: string;
}

/** Samples by coordinate. */
export type Samples = Readonly<Record<string, Sample>>;
