/** Says what is wrong with an `identityApi` that is configured, a line each. */
export function* identityApiFaults(given: unknown): Iterable<string> {
  if (typeof given === 'boolean') return;
  if (typeof given !== 'object' || given === null || !('prefix' in given)) {
    yield 'identityApi: expected false, or { prefix: "Claimgate" }';
    return;
  }
  for (const key of Object.keys(given)) {
    if (key !== 'prefix') yield `identityApi.${key}: there is no such key; expected prefix`;
  }
  if (typeof given.prefix !== 'string' || !/^[A-Z][A-Za-z0-9_]{0,39}$/.test(given.prefix)) {
    yield 'identityApi.prefix: expected up to 40 letters, digits and _, of which the first is a capital letter, such as Claimgate';
  }
}
