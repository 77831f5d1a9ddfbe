import { execute, type ExecutionArgs, type ExecutionResult, OperationTypeNode, subscribe } from 'graphql';
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
  readonly runsMutations: boolean;
  /** Makes the context of a caller. */
  readonly context: (principal: Principal) => object;
}

/** How long one operation may take, in milliseconds. */
const timeLimitMs = 10_000;

/** Makes the endpoint of a schema in this process. Nothing is sent over a network. */
export function inProcess({ schema, decideOperation, isRecorded, runsMutations, context }: Executed): Endpoint {
  async function run(request: Request, isDecided: boolean): Promise<Reply> {
    const { document, operationName, variables, persona, target } = request;
    const running: Run = { request, ran: [] };
    const reply = ({ data, errors = [] }: ExecutionResult): Reply => ({
      data: data ?? null,
      errors: errors.map(({ message }) => message),
      ran: isRecorded ? running.ran : null,
    });
    try {
      const contextValue = withRun(context(persona.principal), running);
      if (isDecided && decideOperation) {
        const { principal = persona.principal } = contextValue as { readonly principal?: Principal };
        const verdict = decideOperation({ document, operationName, variables, principal });
        if (verdict.kind !== 'run') return reply({ data: null });
      }
      const args = { schema, document, operationName, variableValues: variables, contextValue };
      const isStream = target.route.operation === OperationTypeNode.SUBSCRIPTION;
      return reply(await inTime(isStream ? firstEvent(args) : Promise.resolve(execute(args))));
    } catch (error) {
      return { ...reply({ data: null }), errors: [error instanceof Error ? error.message : String(error)] };
    }
  }
  return {
    schema,
    transports: [
      ...(decideOperation ? [{ name: 'as a server executes it', send: (one: Request) => run(one, true) }] : []),
      { name: 'executed directly', send: (one: Request) => run(one, false) },
    ],
    knowsAnswers: isRecorded,
    runsMutations: isRecorded || runsMutations,
  };
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
