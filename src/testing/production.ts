/**
 * Stops a function of this room in production. The functions make callers whom no issuer has authenticated.
 *
 * @param name - the name of the function
 * @throws {Error} with `NODE_ENV=production`
 */
export function refuseInProduction(name: string): void {
  if (process.env['NODE_ENV'] !== 'production') return;
  throw new Error(
    `${name} makes callers for tests, and NODE_ENV is production; expected another NODE_ENV, and claimgate/testing only in the files of tests`,
  );
}
