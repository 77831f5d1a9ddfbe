import { execute, type ExecutionArgs, type ExecutionResult, OperationTypeNode, subscribe } from 'graphql';
import { createExecutor } from '../../../auth/execute/executor.ts';
import type { GuardedSchema } from '../../../auth/guarded-schema.ts';
import type { Principal } from '../../../principal.ts';
import type { Endpoint, Reply, Request } from './endpoint.ts';
import { type Run, withRun } from './recorders.ts';

/** What an attack in this process needs of a schema. */
export interface Executed {
  readonly schema: GuardedSchema['schema'];
  /** Absent: the schema has no decision before an operation runs. */
  readonly decideOperation?: GuardedSchema['decideOperation'];
  /** Whether `placeRecorders` has replaced its resolvers. */
  readonly isRecorded: boolean;
  /** Makes the executor of known documents. Default: the one of this engine. */
  readonly createExecutor?: typeof createExecutor;
  readonly runsMutations: boolean;
  /** Makes the context of a caller. */
  readonly context: (principal: Principal) => object;
}

/** How long one operation may take, in milliseconds. */
const timeLimitMs = 10_000;

/** Makes the endpoint of a schema in this process. Nothing is sent over a network. */
export function inProcess(executed: Executed): Endpoint {
  const { schema, decideOperation, isRecorded, runsMutations, context } = executed;
  const makeExecutor = executed.createExecutor ?? createExecutor;
  const executeQuery = decideOperation && makeExecutor(schema);

  /** Executes a query as a server of Claimgate executes a document that it knows. `null`: it does not execute it so. */
  async function byExecutor(args: ExecutionArgs): Promise<ExecutionResult | null> {
    const { document, operationName, variableValues: variables, contextValue } = args;
    const result = await executeQuery?.({ document, operationName, variables, contextValue });
    if (result?.kind !== 'result') return null;
    return { data: JSON.parse(result.data), errors: result.errors };
  }

  async function run(request: Request, by: 'server' | 'direct' | 'executor'): Promise<Reply | null> {
    const { document, operationName, variables, persona, target } = request;
    const running: Run = { request, ran: [] };
    const reply = ({ data, errors = [] }: ExecutionResult): Reply => ({
      data: data ?? null,
      errors: errors.map(({ message }) => message),
      ran: isRecorded ? running.ran : null,
    });
    try {
      const contextValue = withRun(context(persona.principal), running);
      if (by !== 'direct' && decideOperation) {
        const { principal = persona.principal } = contextValue as { readonly principal?: Principal };
        const verdict = decideOperation({ document, operationName, variables, principal });
        if (verdict.kind !== 'run') return reply({ data: null });
      }
      const args = { schema, document, operationName, variableValues: variables, contextValue };
      const isStream = target.route.operation === OperationTypeNode.SUBSCRIPTION;
      if (by === 'executor') {
        const result = await inTime(byExecutor(args));
        return result && reply(result);
      }
      return reply(await inTime(isStream ? firstEvent(args) : Promise.resolve(execute(args))));
    } catch (error) {
      return { ...reply({ data: null }), errors: [error instanceof Error ? error.message : String(error)] };
    }
  }
  return {
    schema,
    transports: [
      ...(decideOperation ? [{ name: 'as a server executes it', send: (one: Request) => run(one, 'server') }] : []),
      { name: 'executed directly', send: (one: Request) => run(one, 'direct') },
      ...(decideOperation
        ? [
            {
              name: 'as a server executes a known document',
              send: async (one: Request) => (isQuery(one) ? run(one, 'executor') : null),
            },
          ]
        : []),
    ],
    perWay: Number.POSITIVE_INFINITY,
    knowsAnswers: isRecorded,
    runsMutations: isRecorded || runsMutations,
  };
}

function isQuery({ target }: Request): boolean {
  return target.route.operation === OperationTypeNode.QUERY;
}

async function firstEvent(args: ExecutionArgs): Promise<ExecutionResult> {
  const events = await subscribe(args);
  if (!(Symbol.asyncIterator in events)) return events;
  try {
    const { value, done } = await events.next();
    return done ? { data: null } : value;
  } finally {
    await events.return(undefined);
  }
}

/** Rejects if a resolver takes too long. Its operation is then not judged. */
async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`gave no answer in ${timeLimitMs} ms`)), timeLimitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
