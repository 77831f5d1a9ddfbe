import type { Witness } from '../../auth/algebra/witness.ts';

/**
 * How the callers of an element changed. `moved`: its rules are others, and the same callers get in. `incomparable`: some
 * callers get in anew and others no longer, or an owner or a policy decides, or it cannot be judged.
 */
export type Verdict = 'wider' | 'narrower' | 'incomparable' | 'moved' | 'new' | 'removed';

/** A caller who gets in anew, and an operation that shows it. */
export interface Example {
  readonly witness: Witness;
  /** The owners and policies that must let the caller in. */
  readonly depends: readonly string[];
  /** `null`: no operation is known, because a custom scalar accepts no example value. */
  readonly operation: string | null;
}

/** What changed for one element. */
export interface Change {
  /** A field of an object type, an object type, an argument, an input field or an enum value. */
  readonly coordinate: string;
  readonly verdict: Verdict;
  /** The rule of the element before, in words. `null`: the element is new. */
  readonly before: string | null;
  /** The rule of the element now, as a normal form. `null`: the element is removed. It is the text of `--allow`. */
  readonly rule: string | null;
  /** The rule of the element now, in words. `null`: the element is removed. */
  readonly after: string | null;
  /** A caller who gets in anew. `null`: none, or not known. */
  readonly example: Example | null;
  /** The element that lets in the caller of the example. `null`: this element itself. */
  readonly through: string | null;
  /** The elements that callers get in anew through this element. */
  readonly opens: readonly string[];
  /** Whether the change must be accepted: a caller gets in anew here, or that cannot be judged. */
  readonly isFinding: boolean;
}
