/** A set that has every name: a server has a function for each policy, and a tool needs none. */
export const anyPolicy: ReadonlySet<string> = new (class extends Set<string> {
  override has(): boolean {
    return true;
  }
})();
