/** How the cost of one thing changes with the size of another. */
export interface Curve {
  readonly name: string;
  /** What grows. */
  readonly of: string;
  /** What the values are, for example `µs of the processor per request`. */
  readonly unit: string;
  readonly series: readonly Series[];
}

/** One line of a curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** The cost at one size. */
export interface Point {
  readonly size: number;
  readonly value: number;
}

/** Reports a point while a program runs. */
export function note(curve: string, series: string, { size, value }: Point): void {
  process.stderr.write(`${curve}, ${series}: ${size.toLocaleString('en')}: ${value.toFixed(1)}\n`);
}
