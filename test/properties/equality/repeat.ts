import * as fc from 'fast-check';

/** How long a comparison runs, and with which cases. */
export interface Doses {
  /** How many operations are compared. */
  readonly operations: number;
  /** Repeats the cases of a failure. Default: another seed in each run. */
  readonly seed?: number | undefined;
  /** The place of a failure within the cases of a seed, as fast-check prints it. */
  readonly path?: string | undefined;
  /** Called from time to time with the number of operations. Default: no-op. */
  readonly onProgress?: ((operations: number) => void) | undefined;
}

/** How many cases have one seed. A failure is found again within this many cases. */
const casesOfSeed = 50;

/**
 * Compares generated cases until enough operations were compared.
 *
 * @param compare - compares the operations of one case, and returns their number
 * @throws Error whose message has the seed, the case, and the command that runs the case again
 */
export async function repeat<Case>(
  name: string,
  cases: fc.Arbitrary<Case>,
  compare: (one: Case) => Promise<number>,
  { operations, seed = Math.trunc(Math.random() * 2 ** 31), path, onProgress = () => {} }: Doses,
): Promise<void> {
  let done = 0;
  for (let next = seed; done < operations; next += 1) {
    const property = fc.asyncProperty(cases, async (one) => {
      if (done < operations) done += await compare(one);
    });
    try {
      await fc.assert(property, {
        seed: next,
        numRuns: casesOfSeed,
        includeErrorInReport: true,
        endOnFailure: process.env['EQUALITY_SHRINK'] === undefined,
        ...(path !== undefined && { path }),
      });
    } catch (error) {
      const command = `node test/properties/equality/run.ts ${name} --operations ${operations} --seed ${next}`;
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`after ${done} operations: ${message}\nRun it again: ${command}`, { cause: error });
    }
    if (path !== undefined) return;
    onProgress(done);
  }
}

/** Returns an error that also says what was compared. */
export function failureOf(error: unknown, ...details: readonly unknown[]): Error {
  const texts = details.map((detail) => (typeof detail === 'string' ? detail : JSON.stringify(detail, null, 1)));
  return new Error([error instanceof Error ? error.message : String(error), ...texts].join('\n'), { cause: error });
}
