import { askHelp } from './ask/help.ts';

const text = `claimgate: a GraphQL API server in which the schema itself says who may read what

  claimgate [start]      start the server, as the environment and claimgate.config.{ts,js,mjs} say
  claimgate check        find every fault of the configuration and the schema, without a start; --tests: test the rules
  claimgate init         make a project in this folder, or add the kit to a server with Apollo Server
  claimgate dev          start the server, and start it again whenever the configuration, a module or a .graphql file changes
  claimgate explain      print the least scopes that the operations of a client need; --check: compare them with its scopes
  claimgate coverage     print the rule of every field, what is bare, and what a caller reaches; --html: a page with a picture
  claimgate attack       look for ways round the rules of the schema, with callers who lack one part of them
  claimgate diff         print who gets in anew, and who no longer, if one schema replaces another
  claimgate replay       print how many of the recorded requests a proposed schema would deny, or let in
  claimgate sign-in      get an authorization code from the running server, and the curl line that trades it
      --scope SCOPES     what to ask for, in one argument (default "openid profile applications grants")
      --token            print only the access token: TOKEN=$(claimgate sign-in --token)
  claimgate token        report whether the server would take the access token on standard input, and why not
      --dpop             as if it came with a valid DPoP proof
  claimgate token create issue an access token for an account, without a sign-in; see claimgate help token
  claimgate account      list, create, disable, enable; give roles, set a password
  claimgate application  list, show, update, rotate-secret, delete
  claimgate grant        list, revoke
  claimgate session      list, end: where people are signed in
  claimgate key          list, rotate: the keys that the authorization server signs with; replace-cookie-key
  claimgate audit        show the audit trail, and follow it
  claimgate backup       copy the SQLite database into a file, while the server runs
  claimgate restore      put a backup in the place of the SQLite database, and end every token and sign-in in it
  claimgate help         this text; claimgate help check (explain, coverage, diff, replay, sign-in, token, account, application, grant, …) for more
`;

const common = `
They work on the database that DATABASE_URL names. Running servers learn of a change within two seconds. The database must exist and
be of this version. The audit trail records each change. --json prints one JSON object on each line. Exit code: 0 done, 1 refused or
failed, 2 wrong usage.
`;

/** The help of each command. */
const more: Readonly<Record<string, string>> = {
  'sign-in': `claimgate sign-in: get an authorization code from the running server, or an access token

  claimgate sign-in [--scope SCOPES] [--token]
      --scope SCOPES          what to ask for, in one argument (default "openid profile applications grants")
      --token                 exchange the code, and print the access token and nothing else on the standard output

The command prints the address to open, and waits five minutes for the sign-in. With --token, it prints the address on the
standard error. Exit code: 0 signed in, 1 not signed in, 2 wrong usage.
`,
  token: `claimgate token: explain an access token, or issue one

  claimgate token [--dpop]
      report whether the server would take the access token on standard input, and why not
      --dpop                  as if it came with a valid DPoP proof
  claimgate token create --account ACCOUNT --scope SCOPES [--application CLIENT_ID] [--lifetime TIME]
      issue an access token for an account, without a sign-in, and print it and nothing else
      --account               the email address or the identifier of the account
      --scope                 the scopes, within the roles of the account and the scopes of the application
      --application           default: the application claimgate
      --lifetime              seconds, or minutes or hours such as 30m or 8h; at most 24h. Default: lifetimes.access, 600

The token belongs to a new grant: claimgate grant revoke ends both. Rules with maxAge or acr deny it, because no person
authenticated. With another CLAIMGATE_PUBLIC_URL or PORT than the servers have, they refuse it.
${common}`,
  check: `claimgate check: find every fault of the configuration and the schema, as a start finds them

  claimgate check
      opens neither the database nor the port, and calls no issuer
  claimgate check --tests [--out FILE] [--runner NAME] [--yes]
      print, for each element of your modules with a rule, the callers whom its rules let in and the callers whom they deny
      --out FILE              write them as a test file too; its name ends with .ts, .mts, .js or .mjs
      --runner NAME           the test runner of the file: node (default), vitest or jest
      --yes                   overwrite the file if it exists; default: ask on a terminal, otherwise refuse

Exit code: 0 without a fault, 1 with faults, 2 wrong usage.
`,
  ...askHelp,
  account: `claimgate account: the accounts of people. ACCOUNT is an email address or an identifier

  claimgate account list [--email EMAIL]
  claimgate account create EMAIL [--role ROLE]… [--password]
      --password              ask for its password, or read it from standard input; default: generate one and show it once
  claimgate account disable ACCOUNT
  claimgate account enable ACCOUNT
  claimgate account roles ACCOUNT ROLE…       these and no others; grants beyond them end
  claimgate account roles ACCOUNT --none
  claimgate account password ACCOUNT [--generate]
      ask for a new one, read it from standard input, or generate it; the account's sessions and grants end
${common}`,
  init: `claimgate init: make a project in the working directory

  claimgate init [--name NAME] [--issuer URL] [--package-manager npm|pnpm] [--yes]
      --name                  the name in package.json; default: the name of the folder
      --issuer                accept the tokens of this issuer; default: the embedded authorization server
      --package-manager       default: npm, or pnpm if the folder has its lock file
      --yes                   ask nothing: use the defaults, replace files that exist, change the server with Apollo Server

On a terminal, the command asks for what no option says. Otherwise it uses the defaults, and changes no file that exists.
The folder packages/ gets Claimgate's packages, which the project depends on. In a folder whose package.json has @apollo/server,
the command shows the lines that guard the schema, and adds them on a yes. It then needs --issuer.
`,
  dev: `claimgate dev: start the server for development, as claimgate start, and again after each change

  claimgate dev [--throwaway] [--watch FOLDER]…
      --throwaway             use a new database, which is removed at the end; default: the database of DATABASE_URL
      --watch                 watch a folder outside of the working directory too

It watches the .ts, .js, .json and .graphql files of the working directory, except in node_modules, data, dist, coverage and
folders whose name begins with a dot. Tokens and sign-ins stay valid, because the database stays. A fault is printed, and
the next change is awaited.
`,
  application: `claimgate application: the applications that ask people for access

  claimgate application list [--account ACCOUNT]
  claimgate application show CLIENT_ID
  claimgate application update CLIENT_ID [--name NAME] [--redirect-uri URI]… [--post-logout-redirect-uri URI]… [--scope SCOPES]…
      each option replaces the present value; scopes that require a role are allowed here; grants beyond the scopes end
  claimgate application rotate-secret CLIENT_ID
      the new secret is shown once; the old one is refused at once
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
  key: `claimgate key: the keys that the authorization server signs with

  claimgate key list
  claimgate key rotate [--now] [--withdraw]
      publish a new key, which signs once every verifier can know it
      --now                   it signs in two seconds, when every replica knows it
      --withdraw              it signs at once, and every token that the present key signed is refused from now on
  claimgate key replace-cookie-key
      replace the key that signs cookies and forms, after it may have leaked: every browser is signed out, sign-ins in
      progress start again, and no server has to be restarted; grants and tokens stay
${common}`,
  audit: `claimgate audit: what happened, the newest last

  claimgate audit [--type TYPE] [--account ACCOUNT] [--coordinate TYPE.FIELD] [--last N] [--follow]
      --account               the account of the caller
      --last                  how many events (default 50)
      --follow                then print each new event, until interrupted
${common}`,
  backup: `claimgate backup: copy the SQLite database of DATABASE_URL into a file

  claimgate backup FILE [--yes] [--json]
      --yes                   replace FILE if it exists

The server may be running. FILE has every change that was acknowledged before the command began. It is checked, and only its
owner can read it. Back up CLAIMGATE_KEY apart from it. For PostgreSQL, use pg_dump. Exit code: 0 done, 1 failed, 2 wrong usage
`,
  restore: `claimgate restore: put a backup in the place of the SQLite database of DATABASE_URL

  claimgate restore FILE [--yes] [--json]
      --yes                   replace the present database
  claimgate restore --already-restored [--yes] [--json]
      only end what is in the database: after pg_restore, or after you copied the file yourself

Stop every server first. A code, token or session that was used or ended after the backup would be valid again. Therefore all
grants, codes, refresh tokens, sign-in sessions and access tokens end. Exit code: 0 done, 1 failed, 2 wrong usage
`,
};

/** Lists the options of a command in the form of its help, such as `--role`. */
export function optionNamesOf(command: string): readonly string[] {
  const described = Object.hasOwn(more, command) ? more[command] : text;
  return [...new Set(described?.match(/--[a-z][a-z-]+/g))];
}

/**
 * Prints the help.
 *
 * @param args - the name of a command, to print its help. Default: the overview
 * @returns the exit code
 */
export async function usage(args: readonly string[]): Promise<number> {
  const [command = ''] = args;
  process.stdout.write(Object.hasOwn(more, command) ? (more[command] ?? text) : text);
  return 0;
}
