/** The help of the commands that answer questions about a schema. */
export const askHelp: Readonly<Record<string, string>> = {
  explain: `claimgate explain: the least scopes that each operation of a client needs, and which elements ask for them

  claimgate explain FILE|FOLDER|MANIFEST… [--schema SCHEMA] [--json | --markdown]
      .graphql files, gql and graphql templates in source files, and manifests of graphql-codegen, Relay and Apollo (.json)
      --schema SCHEMA         an SDL file, a folder of them, git:REVISION:PATH, or the URL of a running server of Claimgate;
                              default: the project in the working directory
      --token-from NAME       the environment variable that has an access token, for a server that shows its schema to callers
                              with a token only
  claimgate explain FILE|FOLDER|MANIFEST… --check (--scopes SCOPES | --application NAME) [--schema SCHEMA] [--json]
      fail if the client has fewer scopes than its operations need, or more
      --scopes SCOPES         the registered scopes of the client, in one argument
      --application NAME      read them from the database of the project, by client ID or name

Exit code: 0 done, 1 the client has more or fewer scopes than it needs, 2 a wrong option, file, schema or operation.
`,
  coverage: `claimgate coverage: the rule of every field and where it comes from, what is bare, and what a caller reaches

  claimgate coverage [--schema SCHEMA] [--scopes SCOPES | --no-token] [--operations PATH] [--json | --html FILE]
      --schema SCHEMA         an SDL file, a folder of them, git:REVISION:PATH, or the URL of a running server of Claimgate;
                              default: the project in the working directory
      --token-from NAME       the environment variable that has an access token, for a server that shows its schema to callers
                              with a token only
      --scopes SCOPES         show what a caller with these scopes reaches, in one argument; "": a token without scopes
      --no-token              show what a caller without a token reaches
      --operations PATH       show what these operations need: a file, a folder or a manifest; default: the trusted documents
                              of the project
      --html FILE             write one page, which works from a file: a picture of the schema, and the table
      --yes                   overwrite FILE even if it is no earlier page
  claimgate coverage --check [--allow FILE] [--schema SCHEMA] [--json]
      fail if a field is public or bare, and FILE does not accept it for exactly the callers who read it
      --allow FILE            the accepted fields: a JSON object of callers by coordinate; --json has it in toAllow

Exit code: 0 done, 1 a field that is not accepted, 2 a wrong option, file, schema or operation.
`,
  attack: `claimgate attack: look for ways round the rules of a schema, with callers who lack one part of them

  claimgate attack [--schema SCHEMA] [--only COORDINATE]… [--examples FILE] [--seed NUMBER]
                   [--run-mutations] [--json | --sarif | --junit]
      --schema SCHEMA         an SDL file, a folder of them, git:REVISION:PATH, or the URL of a running server of Claimgate, whose
                              rules are then attacked in this process; default: the project in the working directory, with the
                              resolvers of its queries
      --token-from NAME       the environment variable that has an access token, for a server that shows its schema to callers
                              with a token only
      --only COORDINATE       attack only this element: Query.orders, Order, OrderFilter.email, Query.orders(since:); can be repeated
      --examples FILE         values in JSON: { "Query.order(id:)": "42", "OrderFilter.since": "2026-01-01", "DateTime": "…" }
      --seed NUMBER           which callers go which way (default 1); the same number sends the same operations
      --run-mutations         call the resolvers of mutations too; without it, they are replaced
      --json, --sarif, --junit  the format of the report: JSON, SARIF 2.1.0 for code scanning, or JUnit XML
  claimgate attack --url URL [--token NAME=VARIABLE]… [--schema SCHEMA] [--run-mutations] [--only COORDINATE]…
                   [--examples FILE] [--seed NUMBER]
      attack a running GraphQL server, with the tokens that you give and without a token; without --run-mutations, it sends no
      mutation
      --token NAME=VARIABLE   a name for the report, and the environment variable that has an access token (JWT)
      --schema SCHEMA         the schema with the rules (@auth, or Apollo's directives); default: the server's own schemaRules

Exit code: 0 no way in was found, 1 at least one, 2 a wrong option, file or schema. Elements that were not tried are listed.
`,
  diff: `claimgate diff: who gets in anew, and who no longer, if one schema replaces another

  claimgate diff OLD [NEW] [--allow FILE] [--operations PATH] [--json | --markdown]
      OLD, NEW                an SDL file, a folder of them, git:REVISION:PATH, the URL of a running server of Claimgate, or
                              claimgate.config.ts; default of NEW: the project in the working directory
      --allow FILE            the accepted widenings: a JSON object of rules by coordinate; --json has what FILE lacks in toAllow
      --operations PATH       show which operations need less or more: a file, a folder or a manifest
      --token-from NAME       the environment variable that has an access token, for a server that shows its schema to callers
                              with a token only

Exit code: 0 no widening beside the accepted ones, 1 widenings, 2 a wrong option, file, schema or operation.
`,
  replay: `claimgate replay: how many of the recorded requests a proposed schema would deny, or let in

  claimgate replay PROPOSED [--schema PRESENT] [--client NAME… | --not-client NAME…] [--allow FILE] [--json | --markdown]
      PROPOSED, PRESENT       an SDL file, a folder of them, git:REVISION:PATH, the URL of a running server of Claimgate, or
                              claimgate.config.ts; default of PRESENT: the project in the working directory
      --client NAME           only requests of this client, by its name in the report: a client ID, "callers without a token" or
                              "tokens without a client"; can be repeated
      --not-client NAME       all requests except those of this client; can be repeated
      --allow FILE            the accepted denials and operations: a JSON object of rules by coordinate, and of "not valid" by
                              document; --json has what FILE lacks in toAllow
      --token-from NAME       the environment variable that has an access token, for a server that shows its schema to callers
                              with a token only

The requests are in the database of the project. A server records them if the configuration has replay: true. The command
needs the variables of the server: DATABASE_URL and CLAIMGATE_KEY.

Exit code: 0 no request would be denied anew or no longer be valid beside the accepted ones, 1 at least one, 2 a wrong option,
file or schema, no database, no right key, or nothing was recorded.
`,
};
