import type { ProjectFile, ProjectSettings } from './manager.ts';

/** Makes the README of a project: one screen. */
export function readme({ name, manager, issuer }: ProjectSettings): ProjectFile {
  const run = `${manager} run`;
  // Without the lines that the package manager prints. pnpm passes `--` on to the script.
  const [silent, before] = manager === 'npm' ? ['npm run -s', '-- '] : ['pnpm --silent run', ''];
  const token =
    issuer === null
      ? `TOKEN=$(${silent} sign-in ${before}--token --scope "openid orders:read")   # in another terminal`
      : `TOKEN=…                    # an access token of ${issuer} with the scope orders:read`;
  return [
    'README.md',
    `# ${name}

A GraphQL API in which the schema itself says who may read what, by [Claimgate](packages/).

\`\`\`sh
${manager} install
${run} dev                # http://localhost:4000/graphql; starts again after each change
${token}
curl -s http://localhost:4000/graphql -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" \\
  -d '{"query":"{ orders { item customer } }"}'
${manager} test                   # the rules, without a server
${run} check              # types, schema and configuration, for CI
\`\`\`

| file | what it is |
| --- | --- |
| \`claimgate.config.ts\` | the modules and scopes of the API |
| \`schema/orders.graphql\` | the types, with their rules: \`@auth\` and \`@public\` |
| \`modules/orders.ts\` | the resolvers. They need no guard code |
| \`test/orders.test.ts\` | who may read what |
| \`.env\` | the variables of this machine |
| \`packages/\` | Claimgate's packages |
| \`Dockerfile\`, \`deploy/\` | the image, and two replicas on PostgreSQL with Compose or Kubernetes |

For production, set \`CLAIMGATE_PUBLIC_URL\` and \`CLAIMGATE_KEY\` (\`openssl rand -base64 32\`), and run
\`NODE_ENV=production ${run} start\`. \`${run} claimgate ${before}help\` lists the commands.
`,
  ];
}
