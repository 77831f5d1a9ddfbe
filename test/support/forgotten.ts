import { GraphQLError } from 'graphql';

/**
 * Runs work while rejections that nobody hears are let pass where they are GraphQL errors: graphql-js forgets what is under
 * way in a list of non-null items when one of them fails at once. The server does the same. Any other is thrown.
 */
export async function lettingForgottenPass<T>(work: () => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof GraphQLError)) throw reason;
  });
  try {
    const result = await work();
    // What is still under way is heard here, and not by the next test.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return result;
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
