/** How long a contender runs before it is the other's turn, in milliseconds of the processor. */
const turnMs = 20;

/** Returns the time of the processor for one execution. */
export async function microseconds(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const begun = process.cpuUsage();
  for (;;) {
    for (let each = 0; each < 20; each += 1) await run();
    count += 20;
    const { user, system } = process.cpuUsage(begun);
    if (user + system > turnMs * 1_000) return (user + system) / count;
  }
}
