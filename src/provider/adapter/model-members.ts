/**
 * Lets a model of the library keep members beside its own. Call this before the model is first used.
 *
 * @param model the class of the model
 */
export function keepMembers(model: { readonly IN_PAYLOAD?: readonly string[] }, members: readonly string[]): void {
  // The library's types leave the list out.
  const all = [...(model.IN_PAYLOAD ?? []), ...members];
  Object.defineProperty(model, 'IN_PAYLOAD', { get: () => all, configurable: true });
}
