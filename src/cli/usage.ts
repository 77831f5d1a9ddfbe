const text = `claimgate: a GraphQL API server in which the schema itself says who may read what

  claimgate [start]      start the server, as the environment and claimgate.config.{ts,js,mjs} say
  claimgate sign-in      get an authorization code from the running server, and the curl line that trades it
      --scope SCOPES     what to ask for, in one argument (default "openid profile applications grants")
  claimgate token        say of the access token on standard input whether the server would take it, and why not
      --dpop             as if it came with a good DPoP proof
  claimgate account      list, create, disable, enable; give roles, set a password
  claimgate application  list, show, update, rotate-secret, delete
  claimgate grant        list, revoke
  claimgate session      list, end: where people are signed in
  claimgate key          list, rotate: what the authorization server signs with; replace-cookie-key
  claimgate audit        show the audit trail, and follow it
  claimgate help         this text; claimgate help account (application, grant, session, key, audit) for more
`;

const common = `
They work on the database that DATABASE_URL names, beside running servers, which hear of it within two seconds. The database must be
there and of this version. What is done is in the audit trail. --json prints one JSON object on a line. Exit code: 0 done, 1 refused
or failed, 2 misused.
`;

/** More of one command. */
const more: Readonly<Record<string, string>> = {
  account: `claimgate account: the accounts of people. ACCOUNT is an email address or an identifier

  claimgate account list [--email EMAIL]
  claimgate account create EMAIL [--role ROLE]… [--password]
      --password              ask for its password, or read it from standard input; default: one is made up and shown this once
  claimgate account disable ACCOUNT
  claimgate account enable ACCOUNT
  claimgate account roles ACCOUNT ROLE…       these and no others; grants beyond them end
  claimgate account roles ACCOUNT --none
  claimgate account password ACCOUNT [--generate]
      ask for a new one, or read it from standard input, or make one up; its sessions and grants end
${common}`,
  application: `claimgate application: the applications that ask people for access

  claimgate application list [--account ACCOUNT]
  claimgate application show CLIENT_ID
  claimgate application update CLIENT_ID [--name NAME] [--redirect-uri URI]… [--post-logout-redirect-uri URI]… [--scope SCOPES]…
      what is given replaces what was there; scopes that require a role are allowed here; grants beyond the scopes end
  claimgate application rotate-secret CLIENT_ID
      the new secret is shown this once; the old one is no good from then on
  claimgate application delete CLIENT_ID
${common}`,
  grant: `claimgate grant: what people allowed applications to do

  claimgate grant list [--account ACCOUNT] [--application CLIENT_ID]
  claimgate grant revoke GRANT_ID
${common}`,
  session: `claimgate session: the browsers in which people are signed in

  claimgate session list ACCOUNT
  claimgate session end SESSION_ID
${common}`,
  key: `claimgate key: what the authorization server signs with

  claimgate key list
  claimgate key rotate [--now] [--withdraw]
      publish a new key, which signs once everybody can know it
      --now                   it signs in two seconds, when every replica has heard of it
      --withdraw              it signs at once, and what the present key signed is refused from now on
  claimgate key replace-cookie-key
      replace the key that signs cookies and forms, for one that may be known: every browser is signed out, sign-ins in
      progress begin anew, and no server has to be restarted; grants and tokens stay
${common}`,
  audit: `claimgate audit: what happened, the newest last

  claimgate audit [--type TYPE] [--account ACCOUNT] [--coordinate TYPE.FIELD] [--last N] [--follow]
      --account               who called
      --last                  how many events (default 50)
      --follow                go on with what comes, until interrupted
${common}`,
};

/** The options of a command, as its text has them: `--role`. */
export function optionsOf(command: string): readonly string[] {
  const described = Object.hasOwn(more, command) ? more[command] : text;
  return [...new Set(described?.match(/--[a-z][a-z-]+/g))];
}

/** @param args the command that more is asked about, first; default: all */
export async function usage(args: readonly string[]): Promise<number> {
  const [command = ''] = args;
  process.stdout.write(Object.hasOwn(more, command) ? (more[command] ?? text) : text);
  return 0;
}
