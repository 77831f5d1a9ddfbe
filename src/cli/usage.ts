const text = `claimgate: a GraphQL API server in which the schema itself says who may read what

  claimgate [start]      start the server, as the environment and claimgate.config.{ts,js,mjs} say
  claimgate sign-in      get an authorization code from the running server, and the curl line that trades it
      --scope SCOPES     what to ask for, in one argument (default "openid profile applications grants")
  claimgate token        say of the access token on standard input whether the server would take it, and why not
      --dpop             as if it came with a good DPoP proof
  claimgate help         this text
`;

export async function usage(_args: readonly string[]): Promise<number> {
  process.stdout.write(text);
  return 0;
}
