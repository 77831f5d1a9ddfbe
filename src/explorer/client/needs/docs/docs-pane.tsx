import { Search, useDocExplorer, useDocExplorerActions } from '@graphiql/plugin-doc-explorer';
import { ChevronLeftIcon, pick, Spinner, useGraphiQL } from '@graphiql/react';
import { type GraphQLNamedType, type GraphQLSchema, getNamedType, isNamedType } from 'graphql';
import { type ReactNode, useMemo } from 'react';
import { useServices } from '../../services.ts';
import { type DocumentedField, ownerOf } from './element-rules.ts';
import { FieldPage } from './field-page.tsx';
import { SchemaPage } from './schema-page.tsx';
import { TypePage } from './type-page.tsx';
import { RulesContext, useRulesOf } from './use-rules.ts';

/** The documentation: GraphiQL's pages, with the rules of each element. */
export function DocsPane() {
  const { fetchError, isIntrospecting, schema, validationErrors } = useGraphiQL(
    pick('fetchError', 'isIntrospecting', 'schema', 'validationErrors'),
  );
  const stack = useDocExplorer();
  const actions = useDocExplorerActions();
  const item = stack.at(-1);
  const previous = stack.at(-2);
  const [fault] = validationErrors;
  return (
    <section className="graphiql-doc-explorer" aria-label="Documentation Explorer">
      <div className="graphiql-doc-explorer-header">
        <div className="graphiql-doc-explorer-header-content">
          {previous && (
            <a
              href="#docs"
              className="graphiql-doc-explorer-back"
              onClick={(event) => {
                event.preventDefault();
                actions.pop();
              }}
              aria-label={`Go back to ${previous.name}`}
            >
              <ChevronLeftIcon />
              {previous.name}
            </a>
          )}
          <div className="graphiql-doc-explorer-title">{item?.name}</div>
        </div>
        <Search key={item?.name} />
      </div>
      <div className="graphiql-doc-explorer-content">
        {fetchError !== null || fault || (!schema && !isIntrospecting) ? (
          <NoSchema reason={fault ? `The schema is not valid: ${fault.message}` : null} />
        ) : schema ? (
          <Page schema={schema} shown={item?.def} />
        ) : (
          <Spinner />
        )}
      </div>
    </section>
  );
}

function NoSchema({ reason }: { readonly reason: string | null }) {
  const { introspection } = useServices().settings;
  const closed = {
    open: 'The schema could not be read.',
    authenticated: 'This server shows its schema to callers with a token only. Sign in, then read it again.',
    off: 'This server does not show its schema: introspection is off.',
  }[introspection];
  return <div className="graphiql-doc-explorer-error">{reason ?? closed}</div>;
}

function Page({
  schema,
  shown,
}: {
  readonly schema: GraphQLSchema;
  readonly shown: GraphQLNamedType | DocumentedField | undefined;
}) {
  const types = useMemo(() => typesOf(schema, shown), [schema, shown]);
  const known = useRulesOf(types);
  let page: ReactNode = <SchemaPage schema={schema} />;
  if (isNamedType(shown)) page = <TypePage type={shown} />;
  else if (shown) page = <FieldPage field={shown} />;
  return (
    <RulesContext value={known?.rules ?? null}>
      {known?.fault && <p className="needs-problem needs-problem-server">The rules are not shown. {known.fault}</p>}
      {page}
    </RulesContext>
  );
}

/** The types whose rules a page needs. For a field: the type that has it, and the type of its value. */
function typesOf(
  schema: GraphQLSchema,
  shown: GraphQLNamedType | DocumentedField | undefined,
): readonly GraphQLNamedType[] {
  if (!shown) return [];
  if (isNamedType(shown)) return [shown];
  const owner = ownerOf(schema, shown);
  return [owner === null ? undefined : schema.getType(owner), getNamedType(shown.type)].filter(
    (type) => type !== undefined,
  );
}
