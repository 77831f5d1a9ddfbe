const text = `claimgate: a GraphQL API server in which the schema itself says who may read what

  claimgate [start]      start the server, as the environment and claimgate.config.{ts,js,mjs} say
  claimgate sign-in      get an authorization code from the running server, and the curl line that trades it
      --scope SCOPES     what to ask for, in one argument (default "openid profile applications grants")
  claimgate help         this text
`;

export async function usage(_args: readonly string[]): Promise<number> {
  process.stdout.write(text);
  return 0;
}
