import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import type { Services } from '../services.ts';

/** Makes the function with which GraphiQL reads the schema and runs operations. */
export function createRunFetcher({ settings }: Services): Fetcher {
  return createGraphiQLFetcher({ url: settings.endpoint });
}
