import { ExplorerSection, TypeLink } from '@graphiql/plugin-doc-explorer';
import { MarkdownContent } from '@graphiql/react';
import type { GraphQLSchema } from 'graphql';
import { Capped } from './capped.tsx';

/** The first page: the root types, and all types. */
export function SchemaPage({ schema }: { readonly schema: GraphQLSchema }) {
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
          <Capped all={types} noun="types">
            {(type) => (
              <div key={type.name}>
                <TypeLink type={type} />
              </div>
            )}
          </Capped>
        </div>
      </ExplorerSection>
    </>
  );
}
