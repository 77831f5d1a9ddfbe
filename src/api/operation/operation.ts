export { faultOf } from './stream/events.ts';
export { formatError, formatErrorFor } from './errors/format-error.ts';
export { isTokenMutation } from './rules/token-mutations.ts';
export { type OperationPolicy, type OperationSteps, operationSteps } from './steps.ts';
export { createRunner, type Runner } from './stream/run.ts';
export type { PreparedOperation } from './stream/prepared.ts';
export { createStreamSessions, type StreamSession, type StreamSessions } from './stream/session.ts';
export type { OperationParameters } from './valid-operation.ts';
