import { type DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import { checkGuards, checkServedSchema } from '../../auth/guarded-mark.ts';
import { checkOptions } from '../../protocol/options/check-options.ts';
import { withFunctions } from '../../protocol/options/kinds.ts';
import { isRecord } from '../../protocol/record.ts';
import type { PrincipalContext } from '../context.ts';
import type { GuardedApi } from '../guarded-api.ts';
import { httpAnswer } from '../http-answer.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import { withoutRepeats } from '../repeated-denials.ts';

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

/** The options of Mercurius. */
export interface MercuriusOptions {
  readonly schema: GraphQLSchema;
  readonly context: (request: {
    readonly raw: IncomingRequest;
    readonly server?: unknown;
  }) => Promise<PrincipalContext & Record<string, unknown>>;
  readonly errorHandler: false;
  readonly errorFormatter: (execution: MercuriusExecution) => FormattedExecution;
}

/** An execution whose errors Mercurius formats. */
export interface MercuriusExecution {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

/** What Mercurius answers. */
export interface FormattedExecution {
  readonly statusCode: number;
  readonly response: { data: never; errors: never };
}

/** The part that Mercurius adds to a Fastify instance. */
interface Mercurius {
  readonly schema: GraphQLSchema;
  addHook(name: 'preExecution', hook: PreExecution): void;
  addHook(name: 'preSubscriptionExecution', hook: (schema: GraphQLSchema) => Promise<void>): void;
}

type PreExecution = (
  schema: GraphQLSchema,
  document: DocumentNode,
  context: unknown,
  variables: unknown,
) => Promise<{ readonly document: DocumentNode }>;

/**
 * Makes the options of Mercurius: the schema, the context of each request, and the format of errors without repeated
 * denials. Register `mercuriusPlugin` too, because it handles the errors that `errorHandler: false` leaves.
 *
 * If Mercurius replaced resolvers of the schema, each request is refused. `mercuriusPlugin` stops the start instead.
 *
 * @param api - the result of `createGuardedApi`
 * @throws StartError if `api` is another value
 */
export function mercuriusOptions(api: Pick<GuardedApi, 'schema' | 'context'>): MercuriusOptions {
  checkOptions('mercuriusOptions', api, withFunctions('the result of createGuardedApi', 'context'));
  return {
    schema: api.schema,
    async context({ raw, server }) {
      // Mercurius adds a function that has the schema as a member.
      const graphql = isRecord(server) ? server['graphql'] : undefined;
      const schema: unknown = typeof graphql === 'function' ? Reflect.get(graphql, 'schema') : undefined;
      if (schema instanceof GraphQLSchema) checkGuards(api.schema, schema);
      return { ...(await api.context(raw)) };
    },
    errorHandler: false,
    errorFormatter({ data = null, errors = [] }) {
      const statuses = errors.map(statusOf);
      const all = errors.flatMap(partsOf);
      const distinct = new Set<unknown>(withoutRepeats(all.filter((error) => error instanceof GraphQLError)));
      const shown = all.filter((error) => distinct.has(error) || !(error instanceof GraphQLError)).map(formatted);
      // Mercurius's types have the classes of its own errors, and it sends them as JSON.
      const response = { data, errors: shown } as unknown as FormattedExecution['response'];
      return { statusCode: (data === null && statuses.length === 1 && statuses[0]) || 200, response };
    },
  };
}

/**
 * Makes the Fastify plugin for Mercurius. It decides each query and mutation before it runs, and answers refusals with
 * their status and headers. Register it before Mercurius. It replaces the error handler of the application.
 *
 * The plugin turns the option `jit` of Mercurius off, because graphql-jit passes other values to resolvers than graphql
 * does, and the guard needs them.
 *
 * The schema enforces its rules without this plugin too. The plugin adds the status and the challenge. It does not deny
 * single fields and subscriptions, because the schema does. Therefore the application does not start if the schema of
 * Mercurius is not guarded. Mercurius answers a batch with status 200, also if operations of the batch are refused.
 *
 * Mercurius puts its options `loaders` and `resolvers` in place of the resolvers of the schema, after the schema was
 * guarded. The rules of these fields would not be enforced. Therefore the application does not start if the guard was
 * replaced or wrapped. Load data in the resolvers that are guarded. To wrap a resolver, use the option `prepare` of
 * `createGuardedSchema`.
 *
 * @param api - the result of `createGuardedApi`
 * @throws StartError if `api` is another value
 */
export function mercuriusPlugin(api: Pick<GuardedApi, 'check' | 'schema'>): (app: FastifyApp) => Promise<void> {
  checkOptions('mercuriusPlugin', api, withFunctions('the result of createGuardedApi', 'check'));
  const plugin = async (app: FastifyApp): Promise<void> => {
    if ('graphql' in app) throw new Error('mercuriusPlugin: found Mercurius registered; register the plugin before it');
    app.setErrorHandler(answerError);
    app.addHook('onReady', async () => {
      const { graphql } = app as { graphql?: Mercurius };
      if (!graphql)
        throw new Error('mercuriusPlugin: found no Mercurius; expected it to be registered in the same app');
      checkServedSchema('mercuriusPlugin', graphql.schema);
      checkGuards(api.schema, graphql.schema);
      graphql.addHook('preSubscriptionExecution', async (schema) => checkServedSchema('mercuriusPlugin', schema));
      graphql.addHook('preExecution', async (schema, document, contextValue, variables) => {
        const operationName = operationNameIn(contextValue);
        api.check({ schema, document, operationName, variables: isRecord(variables) ? variables : null, contextValue });
        // Mercurius compiles no document that a hook has returned.
        return { document };
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
  // Fastify answers the errors that are not of GraphQL.
  if (!isRecord(error) || !hasParts(error)) throw error;
  reply.code(statusOf(error) ?? 500);
  return reply.send({ data: null, errors: partsOf(error).map(formatted) });
}

/** Returns the errors of the document that Mercurius reports as one error, or the error itself. */
function partsOf(error: unknown): readonly unknown[] {
  const source = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  return hasParts(source) ? source.errors : [error];
}

/**
 * Whether Mercurius made an error from the errors of a document. Other errors can have parts too, such as the
 * `AggregateError` of a lost connection to a database. The caller must not get these parts.
 */
function hasParts(error: unknown): error is { readonly errors: readonly unknown[] } {
  return isRecord(error) && String(error['code']).startsWith('MER_') && Array.isArray(error['errors']);
}

function statusOf(error: unknown): number | undefined {
  const source = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const { statusCode } = isRecord(source) ? source : {};
  return typeof statusCode === 'number' ? statusCode : undefined;
}

/** Returns the error as the caller gets it. The status and headers of a refusal are not part of it. */
function formatted(error: unknown): object {
  const [refusal] = httpAnswer(error)?.body.errors ?? [];
  if (refusal) return refusal;
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
