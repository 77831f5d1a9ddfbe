import { ExplorerSection, TypeLink } from '@graphiql/plugin-doc-explorer';
import { Button, MarkdownContent } from '@graphiql/react';
import type { GraphQLSchema } from 'graphql';
import { useState } from 'react';

/** The number of types that are listed at first. A list of 10,000 links would make the page slow. */
const firstTypes = 200;

/** The first page: the root types, and all types. */
export function SchemaPage({ schema }: { readonly schema: GraphQLSchema }) {
  const [count, setCount] = useState(firstTypes);
  const roots = [
    { name: 'query', type: schema.getQueryType() },
    { name: 'mutation', type: schema.getMutationType() },
    { name: 'subscription', type: schema.getSubscriptionType() },
  ];
  const rootTypes = new Set(roots.map(({ type }) => type?.name));
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !rootTypes.has(name) && !name.startsWith('__'));
  return (
    <>
      <MarkdownContent type="description">
        {schema.description || 'A GraphQL schema provides a root type for each kind of operation.'}
      </MarkdownContent>
      <ExplorerSection title="Root Types">
        {roots.map(
          ({ name, type }) =>
            type && (
              <div key={name}>
                <span className="graphiql-doc-explorer-root-type">{name}</span>
                {': '}
                <TypeLink type={type} />
              </div>
            ),
        )}
      </ExplorerSection>
      <ExplorerSection title="All Schema Types">
        <div>
          {types.slice(0, count).map((type) => (
            <div key={type.name}>
              <TypeLink type={type} />
            </div>
          ))}
          {types.length > count && (
            <Button type="button" onClick={() => setCount(count + 10 * firstTypes)}>
              Show more of {types.length} types
            </Button>
          )}
        </div>
      </ExplorerSection>
    </>
  );
}
