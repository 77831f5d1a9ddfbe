const text = `claimgate: a GraphQL API server in which the schema itself says who may read what

  claimgate [start]      start the server, as the environment and claimgate.config.{ts,js,mjs} say
  claimgate sign-in      get an authorization code from the running server, and the curl line that trades it
      --scope SCOPES     what to ask for, in one argument (default "openid profile applications grants")
  claimgate token        say of the access token on standard input whether the server would take it, and why not
      --dpop             as if it came with a good DPoP proof
  claimgate key list     list the keys that the authorization server signs with, or did
      --json             for machines
  claimgate key rotate   publish a new key, which signs once everybody can know it
      --now              it signs in two seconds, when every replica has heard of it
      --withdraw         besides, what the present key signed is refused from now on
  claimgate help         this text
`;

export async function usage(_args: readonly string[]): Promise<number> {
  process.stdout.write(text);
  return 0;
}
