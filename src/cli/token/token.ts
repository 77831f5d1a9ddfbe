/**
 * Explains the token on standard input. With the word `create`, issues a token for an account instead. @returns the exit
 * code
 */
export async function token(args: readonly string[]): Promise<number> {
  const [task, ...rest] = args;
  // Loaded late, because an explanation loads the whole server.
  if (task === 'create') return (await import('./create.ts')).createToken(rest);
  return (await import('./explain.ts')).explainToken(args);
}
