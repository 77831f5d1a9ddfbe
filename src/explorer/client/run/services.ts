import { parseJSONC } from '@graphiql/react';
import type { GraphQLSchema } from 'graphql';
import type { Fetcher } from '@graphiql/toolkit';
import type { Selection } from '../callers/selection.ts';
import type { Callers } from '../session/caller.ts';
import type { Settings } from '../settings.ts';
import { createRunFetcher } from './send/fetcher.ts';
import { nameAt } from './keep/kept-document.ts';
import type { Secrecy } from './keep/kept-variables.ts';
import { createSender } from './send/request.ts';
import { createRuns, type Runs } from './runs.ts';
import { browserStorage, createOperationStorage, type OperationStorage } from './keep/storage.ts';
import { startSubscription } from './stream/subscription.ts';

/** What the parts of this folder share. */
export interface RunServices {
  readonly runs: Runs;
  readonly fetcher: Fetcher;
  readonly storage: OperationStorage;
  /** What decides which variables may leave the memory of the page. */
  readonly secrecy: () => Secrecy;
  /** Sets the schema with which the storage and the links judge variables. */
  readonly setSchema: (schema: GraphQLSchema) => void;
}

/** The largest schema that is read, in bytes of its introspection. One of 10,000 types has about 20 MB. */
const maxSchemaBytes = 256 * 1_048_576;

/** Makes the services that run operations in a browser. */
export function createRunServices({
  settings,
  callers,
  selection,
}: {
  readonly settings: Settings;
  readonly callers: Callers;
  readonly selection: Selection;
}): RunServices {
  let schema: GraphQLSchema | null = null;
  const sensitive = settings.sensitiveInputs && new Set(settings.sensitiveInputs);
  const sensitiveNames = settings.sensitiveInputs && new Set(settings.sensitiveInputs.map(nameAt));
  const secrecy = (): Secrecy => ({
    // Without the list of sensitive inputs, no variable can be judged.
    schema: sensitive && schema,
    isSensitive: (coordinate) => sensitive?.has(coordinate) ?? true,
    sensitiveNames,
    parse: parseJSONC,
  });
  const now = () => Date.now();
  const options = {
    endpoint: settings.endpoint,
    callers,
    fetch: (...request: Parameters<typeof fetch>) => fetch(...request),
    now,
  };
  const send = createSender(options);
  const runs = createRuns({
    runsAs: () => selection.get().runsAs,
    send,
    now,
    stream: (operation, callerId, listener) =>
      startSubscription({
        url: webSocketUrl(settings.endpoint),
        callers,
        callerId,
        operation,
        now,
        wait(act, delayMs) {
          const timer = setTimeout(act, delayMs);
          return () => clearTimeout(timer);
        },
        ...listener,
      }),
  });
  return {
    runs,
    fetcher: createRunFetcher({
      runs,
      selection,
      sendForSchema: createSender({ ...options, maxBytes: maxSchemaBytes }),
    }),
    storage: createOperationStorage(browserStorage(window), secrecy),
    secrecy,
    setSchema: (loaded) => {
      schema = loaded;
    },
  };
}

function webSocketUrl(endpoint: string): string {
  const url = new URL(endpoint, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return url.href;
}
