/** A value or an effect that a caller got without the rules of an element. */
export interface WayIn {
  /** The element whose rules do not hold. */
  readonly coordinate: string;
  /** The elements that carry these rules: the element itself, its type, or what it inherits from. */
  readonly elements: readonly string[];
  /** What the rules of the element require, in words. */
  readonly requires: string;
  /** `value`: a value in the answer. `resolver`: a resolver ran, so its effects happened. */
  readonly by: 'value' | 'resolver';
  /** The place in the answer, or the field whose resolver ran. */
  readonly at: string;
  readonly way: string;
  readonly transport: string;
  readonly persona: string;
  /** The claims of the caller's token. `null`: without a token. */
  readonly claims: Readonly<Record<string, unknown>> | null;
  readonly operation: string;
  readonly operationName: string | null;
  /** The variables as JSON, shortened if they are long. */
  readonly variables: string;
  /** How many operations found it in this way. */
  readonly times: number;
}

/** An element that was not attacked, or whose attack shows nothing. */
export interface NotTried {
  readonly coordinate: string;
  readonly reason: string;
}

/** How a transport was used. */
export interface TransportUse {
  readonly name: string;
  readonly operations: number;
  /** The operations that got a value at the attacked place, or ran its resolver. 0: this transport shows nothing. */
  readonly reached: number;
}

/** What an attack found. */
export interface AttackReport {
  readonly schema: string;
  readonly seed: number;
  readonly waysIn: readonly WayIn[];
  /** Each element with a rule that was not attacked, with the reason. */
  readonly notTried: readonly NotTried[];
  /** Each attacked element. A caller with all that its rules require reached each of them. */
  readonly tried: readonly string[];
  readonly transports: readonly TransportUse[];
  readonly counts: {
    readonly elements: number;
    readonly tried: number;
    readonly notTried: number;
    readonly waysIn: number;
    readonly operations: number;
    readonly callers: number;
    /** Further places of attacked elements. */
    readonly furtherPlaces: number;
  };
}
