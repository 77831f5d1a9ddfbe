/** Limits how many calls are in progress at the same time, and how many further calls wait. */
export interface CallGate {
  /**
   * Takes a place, or waits for one.
   *
   * @param go - called immediately, or as soon as there is room
   * @returns a function that stops the wait. `null`: too many calls already wait, and `go` is never called
   */
  enter(go: () => void): (() => void) | null;
  /**
   * Frees one place. The call that has waited longest gets this place. Each call of `go` must be followed by exactly
   * one call of `leave`.
   */
  leave(): void;
}

/**
 * Makes a gate.
 *
 * @param maxInside - how many calls may be in progress at the same time
 * @param maxWaiting - how many further calls may wait
 */
export function createGate(maxInside: number, maxWaiting: number): CallGate {
  let inside = 0;
  const waiting = new Set<() => void>();
  return {
    enter(go) {
      if (inside < maxInside) {
        inside += 1;
        go();
        return () => {};
      }
      if (waiting.size >= maxWaiting) return null;
      const turn = (): void => go();
      waiting.add(turn);
      return () => void waiting.delete(turn);
    },
    leave() {
      const [next] = waiting;
      if (!next) {
        inside -= 1;
        return;
      }
      waiting.delete(next);
      next();
    },
  };
}
