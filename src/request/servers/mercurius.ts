import { type DocumentNode, GraphQLError } from 'graphql';
import { isRecord } from '../../protocol/record.ts';
import type { GuardedApi } from '../guarded-api.ts';
import { httpAnswer } from '../http-answer.ts';

/** The part of a Fastify instance that the plugin uses. */
export interface FastifyApp {
  setErrorHandler(handler: (error: unknown, request: unknown, reply: FastifyReply) => unknown): unknown;
  addHook(name: 'onReady', hook: () => Promise<void>): unknown;
}

/** The part of Fastify's reply that the plugin uses. */
export interface FastifyReply {
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: unknown): unknown;
}

/** The part that Mercurius adds to a Fastify instance. */
interface Mercurius {
  addHook(name: 'preExecution', hook: PreExecution): void;
  addHook(name: 'onResolution', hook: OnResolution): void;
}

type PreExecution = (schema: unknown, document: DocumentNode, context: unknown, variables: unknown) => Promise<void>;
type OnResolution = (execution: { errors?: readonly unknown[] }) => Promise<void>;

/**
 * Makes the Fastify plugin for Mercurius. It decides each query and mutation before it runs, answers refusals with
 * their status and headers, and removes repeated denials from answers. Register it before Mercurius, and set the option
 * `errorHandler` of Mercurius to `false`: this plugin sets the error handler of the application.
 *
 * The schema enforces its rules without this plugin too. The plugin only adds the status and the challenge. A
 * subscription is decided by the schema alone.
 *
 * Mercurius answers a batch with status 200, also if operations of the batch are refused.
 *
 * @param api - the result of `createGuardedApi`
 */
export function mercuriusPlugin(api: Pick<GuardedApi, 'check'>): (app: FastifyApp) => Promise<void> {
  const plugin = async (app: FastifyApp): Promise<void> => {
    if ('graphql' in app) throw new Error('mercuriusPlugin: found Mercurius registered; register the plugin before it');
    app.setErrorHandler(answerError);
    app.addHook('onReady', async () => {
      const { graphql } = app as { graphql?: Mercurius };
      if (!graphql)
        throw new Error('mercuriusPlugin: found no Mercurius; expected it to be registered in the same app');
      graphql.addHook('preExecution', async (_schema, document, context, variables) => {
        const operationName = operationNameIn(context);
        api.check({
          document,
          operationName,
          variables: isRecord(variables) ? variables : null,
          contextValue: context,
        });
      });
      graphql.addHook('onResolution', async (execution) => {
        if (execution.errors) execution.errors = withoutCopies(execution.errors);
      });
    });
  };
  // Fastify's own mark for a plugin that acts on the application and not only on the plugin's own part of it.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

function answerError(error: unknown, _request: unknown, reply: FastifyReply): unknown {
  const answer = httpAnswer(error);
  if (answer) {
    reply.code(answer.status);
    reply.headers(answer.headers);
    return reply.send(answer.body);
  }
  // Mercurius reports the faults of a document as a list in one error.
  if (!isRecord(error) || !Array.isArray(error['errors'])) throw error;
  const { statusCode, errors } = error;
  reply.code(typeof statusCode === 'number' ? statusCode : 500);
  return reply.send({ data: null, errors: errors.map(formatted) });
}

function formatted(error: unknown): object {
  if (error instanceof GraphQLError) return error.toJSON();
  return { message: error instanceof Error ? error.message : 'The request is not valid.' };
}

/**
 * Returns the name of the operation, which Mercurius does not pass to its hooks. It is read where Mercurius reads it:
 * in the body, in the operation's entry of a batch, or in the query of a GET.
 *
 * @returns undefined if the operation has no HTTP request, or no name
 */
function operationNameIn(context: unknown): string | undefined {
  if (!isRecord(context) || !isRecord(context['reply']) || !isRecord(context['reply']['request'])) return undefined;
  const { method, body, query } = context['reply']['request'];
  const { operationId } = context;
  const batched = Array.isArray(body) && typeof operationId === 'number' ? body[operationId] : body;
  const parameters: unknown = method === 'GET' ? query : batched;
  const name = isRecord(parameters) ? parameters['operationName'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/**
 * Removes errors that repeat a denial. They are compared by their JSON, because Mercurius has formatted them. The copies
 * of a denial have the path of its first position.
 */
function withoutCopies(errors: readonly unknown[]): readonly unknown[] {
  const seen = new Set<string>();
  return errors.filter((error) => {
    if (!isRecord(error) || !isRecord(error['extensions']) || !('coordinate' in error['extensions'])) return true;
    const text = JSON.stringify(error);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
