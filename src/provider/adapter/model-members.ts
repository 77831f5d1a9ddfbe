/**
 * Makes a model of the library store more members. Call this before the model is first used.
 *
 * @param model the class of the model
 * @param members the names of the members to add
 */
export function storeMembers(model: { readonly IN_PAYLOAD?: readonly string[] }, members: readonly string[]): void {
  // The library's types leave out this list.
  const all = [...(model.IN_PAYLOAD ?? []), ...members];
  Object.defineProperty(model, 'IN_PAYLOAD', { get: () => all, configurable: true });
}
