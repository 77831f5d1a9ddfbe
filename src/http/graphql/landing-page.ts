import type { ApolloServerPlugin } from '@apollo/server';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphQL API · Claimgate</title>
</head>
<body>
<h1>GraphQL API</h1>
<p>This is the API endpoint: send it GraphQL requests, with <code>Authorization: Bearer</code> and an access token where
an operation asks for one.</p>
</body>
</html>
`;

/** The page that a browser gets at the API endpoint if the server does not offer Apollo Sandbox. */
export const plainLandingPage: ApolloServerPlugin = {
  serverWillStart: async () => ({ renderLandingPage: async () => ({ html: page }) }),
};
