/** Lets so many through at once, and so many more wait for it. */
export interface Gate {
  /**
   * @param go - called at once, or as soon as there is room
   * @returns a function that gives up waiting; `null`: too many wait already, and `go` is never called
   */
  enter(go: () => void): (() => void) | null;
  /** Makes room for the one that has waited longest. It is called once for each that got through. */
  leave(): void;
}

export function createGate(most: number, mostWaiting: number): Gate {
  let inside = 0;
  const waiting = new Set<() => void>();
  return {
    enter(go) {
      if (inside < most) {
        inside += 1;
        go();
        return () => {};
      }
      if (waiting.size >= mostWaiting) return null;
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
