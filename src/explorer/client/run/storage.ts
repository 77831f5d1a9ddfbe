import type { Storage } from '@graphiql/toolkit';

/** Makes the storage of tabs, history and layout. It holds no token, because tokens never reach GraphiQL. */
export function createRunStorage(): Storage {
  return localStorage;
}
