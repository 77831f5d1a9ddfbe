/**
 * Makes a model of the library store further members. Call it before the first use of the model.
 *
 * @param model the class of the model
 * @param members the names of the members to add
 */
export function storeMembers(model: { readonly IN_PAYLOAD?: readonly string[] }, members: readonly string[]): void {
  // The types of the library do not have this list.
  const all = [...(model.IN_PAYLOAD ?? []), ...members];
  Object.defineProperty(model, 'IN_PAYLOAD', { get: () => all, configurable: true });
}
