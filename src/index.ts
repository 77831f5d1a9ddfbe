/**
 * The kit for a team's own GraphQL server: the directive, the verifier, the context and the exchange, which are the
 * exports of `claimgate`. This file loads no code and no types of Apollo Server, and none of the server's dependencies:
 * no Fastify, no database, no authorization server.
 */
export { challenge } from './request/challenge.ts';
export type { ChallengeOptions } from './request/challenge-options.ts';
export { type ContextOptions, createContext, type PrincipalContext } from './request/context.ts';
export {
  type ApiIssuerOptions,
  type ApiOptions,
  createGuardedApi,
  type GuardedApi,
  type GuardedApiOptions,
} from './request/guarded-api.ts';
export {
  type GraphqlHttpOptions,
  type GraphqlHttpResponse,
  graphqlHttpOptions,
} from './request/servers/graphql-http.ts';
export {
  type FastifyApp,
  type FastifyReply,
  type FormattedExecution,
  type MercuriusExecution,
  type MercuriusOptions,
  mercuriusOptions,
  mercuriusPlugin,
} from './request/servers/mercurius.ts';
export { type YogaPlugin, yogaPlugin } from './request/servers/yoga.ts';
export type { FetchRequest, IncomingRequest, NodeRequest } from './request/incoming-request.ts';
export { createOperationCheck, type RequestedOperation } from './request/operation.ts';
export { type HttpAnswer, httpAnswer } from './request/http-answer.ts';
export { withoutRepeats } from './request/repeated-denials.ts';
export { toGraphQLError } from './request/graphql-error.ts';
export type { Denial, DenialEvent, DenialReason } from './auth/decide/denial.ts';
export { authDirectives, authDirectivesNamed } from './auth/directive.ts';
export type {
  ClaimObject,
  RequirementObject,
  RuleExtensions,
  RuleObject,
} from './auth/given/rule-extensions.ts';
export { defineModule, type SchemaModule, type TypedModule } from './auth/modules/module.ts';
export type { DirectiveNames } from './auth/directive-names.ts';
export type { Policy, PolicyRequest } from './auth/policies/policy.ts';
export type {
  ExplainedElement,
  ExplainedRule,
  MissingEvidence,
  OperationExplanation,
  OperationFault,
  OperationOutcome,
  RuleDecision,
} from './auth/explain/explanation.ts';
export { createGuardedSchema } from './auth/schema.ts';
export type {
  GivenSchemaOptions,
  GuardedModulesOptions,
  GuardedSchema,
  GuardedSchemaOptions,
  OperationRequest,
} from './auth/guarded-schema.ts';
export { ClaimgateError, type ErrorCode, errorKinds, StartError } from './errors.ts';
export type { AuthorizationServer } from './exchange/own/authorization-server.ts';
export { createExchange, type Exchange, type ExchangeOptions } from './exchange/own/exchange.ts';
export {
  type AccountPrincipal,
  type AnonymousPrincipal,
  type ApplicationPrincipal,
  anonymous,
  type Principal,
  principalOf,
  type VerifiedPrincipal,
} from './principal.ts';
export { type CacheOptions, createTokenCache, type TokenCache } from './token/cache/cache.ts';
export { type Credential, type RequestTarget, readCredential } from './token/credential/credential.ts';
export { createProofChecker, type ProofChecker, type ProofCheckerOptions } from './token/dpop/proof.ts';
export { type MemoryReplaysOptions, memoryReplays } from './token/dpop/replays.ts';
export type { IssuerOptions } from './token/issuers/options.ts';
export type { Replays, Revocation, RevocationFeed } from './token/ports.ts';
export { type KeySource, localKeys } from './issuer/key-source.ts';
export { type Explanation, type ExplainOptions, explainToken, type Finding } from './token/explain.ts';
export type { RevocationOptions } from './token/revocation/options.ts';
export { createRevocations, type Revocations } from './token/revocation/revocations.ts';
export type { RemoteKeysOptions } from './issuer/options/remote-keys.ts';
export { remoteKeys } from './issuer/remote-keys.ts';
export { createVerifier, type Verifier, type VerifierOptions } from './token/verify.ts';
