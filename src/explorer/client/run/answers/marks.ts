import type { Answer } from './answer.ts';
import { type Comparison, compareAnswers } from './differences.ts';
import { type DeniedElement, denialsOf } from './denials.ts';
import { own, pathKey } from './path.ts';

/** The marks of the lines of one answer. The keys are those of `pathKey`, with `data` in front. */
export interface Marks {
  /** The difference at each position. */
  readonly differences: ReadonlyMap<string, MarkedDifference>;
  /** The denials at each position. */
  readonly denials: ReadonlyMap<string, readonly DeniedElement[]>;
}

export interface MarkedDifference {
  readonly number: number;
  /** Whether everything below differs too. */
  readonly isWhole: boolean;
}

/** Compares the answers of a finished run. Returns null if there are fewer than two answers with a result. */
export function compareRun(answers: readonly (Answer | null)[]): Comparison | null {
  if (answers.length < 2 || !answers.every((answer) => answer !== null && answer.failure === null)) return null;
  return compareAnswers(answers.map((answer) => own(answer?.result, 'data') ?? undefined));
}

/** How many marks of denials one answer has. */
const maxMarked = 100_000;
/** How many denials are marked at one position. */
const maxAtOnePosition = 20;

/** Returns the marks of one answer of a comparison. @param index - of the answer */
export function marksOf(result: unknown, comparison: Comparison | null, index: number): Marks {
  const differences = new Map<string, MarkedDifference>();
  for (const [number, { paths, isWhole }] of (comparison?.differences ?? []).entries()) {
    const path = paths[index];
    if (path) differences.set(pathKey(['data', ...path]), { number, isWhole });
  }
  const denials = new Map<string, DeniedElement[]>();
  let marked = 0;
  for (const denial of denialsOf(result)) {
    for (const position of [...(denial.position ? [denial.position] : []), ...denial.alike]) {
      if (marked >= maxMarked) break;
      marked += 1;
      const key = pathKey(['data', ...position]);
      const marks = denials.get(key);
      if (!marks) denials.set(key, [denial]);
      else if (marks.length < maxAtOnePosition) marks.push(denial);
    }
  }
  return { differences, denials };
}
