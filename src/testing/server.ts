/**
 * The exports of `claimgate-server/testing`: a whole server on a temporary database, and the schema of a configuration,
 * for the tests of a team. It has the exports of `claimgate/testing` too. Import this module only in the files of tests.
 */
export { schemaOf } from './server/schema.ts';
export * from '../testing.ts';
export type { ServerAnswer, ServerAsk, ServerError } from './server/ask.ts';
export type { AccountToMake, ApplicationToMake, TestAccount, TestApplication } from './server/people.ts';
export { type ForeignTestServer, startTestServerFor } from './server/foreign.ts';
export { startTestServer, type TestServer, type TestServerOptions } from './server/start.ts';
export type { ServerTokens } from './server/tokens.ts';
