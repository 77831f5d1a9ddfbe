/**
 * The plugins of the kit for Apollo Server, and the store of its parsed documents: the exports of `claimgate/apollo`.
 * The other parts of the kit need no Apollo Server.
 */
export { createDocumentStore, type DocumentStoreOptions } from './apollo/document-store.ts';
export { type NestApiOptions, type NestOptions, nestOptions } from './apollo/nest.ts';
export { noncePlugin } from './apollo/nonce.ts';
export { planPlugin } from './apollo/plan.ts';
export { statusPlugin } from './apollo/status.ts';
