import type { ProjectFile, ProjectSettings } from './manager.ts';

/** Makes the configuration, a module with its schema, a test, and the settings of the tools. */
export function sourceFiles({ issuer }: ProjectSettings): ProjectFile[] {
  return [
    [
      'claimgate.config.ts',
      `import { defineConfig } from 'claimgate-server';
import { orders } from './modules/orders.ts';

export default defineConfig({
  modules: [orders],
  scopes: {
    'orders:read': { description: 'See the orders' },
    'customers:read': { description: 'See who ordered', roles: ['administrator'] },
  },
});
`,
    ],
    [
      'schema/orders.graphql',
      `type Order {
  id: ID!
  item: String!
  customer: String @auth(scope: "customers:read")
}

extend type Query {
  orders: [Order!]! @auth(scope: "orders:read")
}
`,
    ],
    [
      'modules/orders.ts',
      `import { readFileSync } from 'node:fs';
import { defineModule } from 'claimgate-server';
// \`npm run generate\` makes this file from the schema. It has types only, so the server runs without it.
import type { Resolvers } from './generated.ts';

const all = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];

export const orders = defineModule<Resolvers>({
  name: 'orders',
  typeDefs: readFileSync(new URL('../schema/orders.graphql', import.meta.url), 'utf8'),
  resolvers: { Query: { orders: () => all } },
});
`,
    ],
    [
      'test/orders.test.ts',
      `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied, schemaOf } from 'claimgate-server/testing';
import config from '../claimgate.config.ts';

const schema = await schemaOf(config);
const document = '{ orders { item customer } }';

describe('orders', () => {
  it('are for callers with orders:read', async () => {
    const [refusal] = denied(await ask(schema, document, {}, as(null)));
    assert.equal(refusal?.coordinate, 'Query.orders');
  });

  it('name the customer only for callers with customers:read', async () => {
    const clerk = await ask(schema, document, {}, as({ scopes: 'orders:read' }));
    assert.equal(denied(clerk)[0]?.coordinate, 'Order.customer');
    const manager = await ask(schema, document, {}, as({ scopes: 'orders:read customers:read' }));
    assert.deepEqual(denied(manager), []);
    assert.deepEqual(manager.data?.['orders'], [
      { item: 'Lamp', customer: 'Grace' },
      { item: 'Desk', customer: 'Alan' },
    ]);
  });
});
`,
    ],
    [
      'codegen.yml',
      `schema:
  - node_modules/claimgate-server/schema/*.graphql
  - schema/*.graphql
generates:
  modules/generated.ts:
    plugins:
      - typescript
      - typescript-resolvers
    config:
      contextType: claimgate-server#ApiContext
      useTypeImports: true
      enumsAsTypes: true
      scalars:
        DateTime: Date
`,
    ],
    [
      'tsconfig.json',
      `{
  "compilerOptions": {
    "target": "es2024",
    "lib": ["es2024"],
    "types": ["node"],
    "module": "nodenext",
    "noEmit": true,
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  },
  "include": ["claimgate.config.ts", "modules", "test"]
}
`,
    ],
    ['.gitignore', 'node_modules\ndata\n.env\nfirst-password\n'],
    [
      '.env',
      `# Variables of this machine. Do not commit them.
${issuer === null ? '# CLAIMGATE_ISSUER=https://login.example.com' : `CLAIMGATE_ISSUER=${issuer}`}
# PORT=4000
`,
    ],
  ];
}
