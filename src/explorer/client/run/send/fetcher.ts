import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import type { Operation } from '../answers/answer.ts';
import { selectOperation } from './operation-kind.ts';
import type { SendAs } from './request.ts';
import type { Runs } from '../runs.ts';
import { withoutPictures } from './schema-texts.ts';

/** What GraphiQL shows for a run in its own answer editor, which is hidden. Our area shows the answers. */
const shownElsewhere = {};

/**
 * Makes the function with which GraphiQL reads the schema and runs operations. The schema is read as the first chosen
 * caller. An operation runs as all chosen callers, a subscription as the first one.
 */
export function createRunFetcher({
  runs,
  sendForSchema,
  selection,
}: {
  readonly runs: Runs;
  /** Sends the introspection query. Its answer may be larger than that of an operation. */
  readonly sendForSchema: SendAs;
  readonly selection: { get(): { readonly runsAs: readonly { readonly id: string }[] } };
}): Fetcher {
  return (params, options) => {
    if (params.operationName === 'IntrospectionQuery' && !options?.documentAST) {
      return readSchema(params, selection.get().runsAs[0]?.id ?? '', sendForSchema);
    }
    const operation = operationOf(params);
    return {
      subscribe(observer) {
        if (typeof observer !== 'object') throw new TypeError('expected an observer with next and complete');
        if (operation.kind === 'subscription') {
          const stop = runs.runStream(operation, () => observer.complete());
          // GraphiQL waits for a first answer, and shows a subscription without one as a request under way.
          queueMicrotask(() => observer.next(shownElsewhere));
          return { unsubscribe: stop };
        }
        const stop = new AbortController();
        const finish = () => {
          if (stop.signal.aborted) return;
          observer.next(shownElsewhere);
          observer.complete();
        };
        runs.runAll(operation, stop.signal).then(finish, finish);
        return { unsubscribe: () => stop.abort() };
      },
    };
  };
}

async function readSchema({ query, operationName }: FetcherParams, callerId: string, send: SendAs) {
  const operation: Operation = { kind: 'query', query, operationName: operationName ?? undefined };
  const { result, failure } = await send(operation, callerId, new AbortController().signal);
  if (failure) throw new Error(`The schema was not read. ${failure.message} ${failure.advice}`);
  withoutPictures(result);
  return result as object;
}

function operationOf({ query, operationName, variables }: FetcherParams): Operation {
  return {
    query,
    ...selectOperation(query, operationName),
    ...(variables && { variables: variables as Readonly<Record<string, unknown>> }),
  };
}
