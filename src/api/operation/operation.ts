export { faultOf } from './stream/events.ts';
export { formatError, formatErrorFor } from './errors/format-error.ts';
export { type AnswerType, type KnownAnswer, type KnownReports, plainHeaders } from './known/answer.ts';
export type { Declined, DeclineReason, KnownOperation } from './known/known-operation.ts';
export { createKnownOperations, type KnownOperations } from './known/known.ts';
export { isTokenMutation } from './rules/token-mutations.ts';
export { type OperationPolicy, type OperationSteps, operationSteps } from './steps.ts';
export {
  createTrustedDocuments,
  type DocumentTexts,
  plainId,
  type TrustedDocuments,
} from './trusted/documents.ts';
export type { DocumentList } from './trusted/listed.ts';
export { ownDocuments } from './trusted/own-documents.ts';
export { createRunner, type Runner } from './stream/run.ts';
export type { PreparedOperation } from './stream/prepared.ts';
export { createStreamSessions, type StreamSession, type StreamSessions } from './stream/session.ts';
export type { OperationParameters } from './valid-operation.ts';
