/**
 * The kit, for a team's own Apollo Server: directive, verifier, context, plan and exchange.
 * None of the server's dependencies is loaded from here: no Fastify, no database, no authorization server.
 */
export { type ChallengeOptions, challenge } from './apollo/challenge.ts';
export { type ContextOptions, createContext, type PrincipalContext } from './apollo/context.ts';
export { toGraphQLError } from './apollo/errors.ts';
export { planPlugin } from './apollo/plan.ts';
export { statusPlugin } from './apollo/status.ts';
export { authDirectives } from './auth/directive.ts';
export type { SchemaModule } from './auth/module.ts';
export {
  createGuardedSchema,
  type GuardedSchema,
  type GuardedSchemaOptions,
  type OperationRequest,
} from './auth/schema.ts';
export { ClaimgateError, type ErrorCode, errorKinds, StartError } from './errors.ts';
export type { AuthorizationServer } from './exchange/authorization-server.ts';
export { createExchange, type Exchange, type ExchangeOptions } from './exchange/exchange.ts';
export {
  type AccountPrincipal,
  type AnonymousPrincipal,
  type ApplicationPrincipal,
  anonymous,
  type Principal,
  principalOf,
  type VerifiedPrincipal,
} from './principal.ts';
export { readCredential } from './token/credential.ts';
export type { IssuerOptions } from './token/issuer.ts';
export { type KeySource, localKeys } from './token/keys.ts';
export { type RemoteKeysOptions, remoteKeys } from './token/remote.ts';
export { createVerifier, type Verifier, type VerifierOptions } from './token/verify.ts';
