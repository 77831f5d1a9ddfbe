import { Argument, DeprecationReason, Directive, ExplorerSection, TypeLink } from '@graphiql/plugin-doc-explorer';
import { useGraphiQL } from '@graphiql/react';
import { type GraphQLArgument, getNamedType } from 'graphql';
import { type DocumentedField, ownerOf, withoutRules } from './element-rules.ts';
import { HiddenUntil } from './hidden-until.tsx';
import { Description, RuleBadge } from './rule-badge.tsx';
import { useElementRules } from './use-rules.ts';

/** The page of a field. It is GraphiQL's page, with the rules of the field, its type and its arguments. */
export function FieldPage({ field }: { readonly field: DocumentedField }) {
  const schema = useGraphiQL((state) => state.schema);
  const elementRules = useElementRules();
  const owner = schema ? ownerOf(schema, field) : null;
  const rules = (owner !== null && elementRules?.ofMember(owner, field.name)) || [];
  const value = getNamedType(field.type).name;
  const ofValue = elementRules?.ofType(value) ?? [];
  const directives = field.astNode?.directives ?? [];
  return (
    <>
      <div>
        <RuleBadge rules={rules} />
        <RuleBadge rules={ofValue} carrier={value} />
      </div>
      <Description text={field.description} rules={rules} coordinate={`${owner}.${field.name}`} />
      <DeprecationReason preview={false}>{field.deprecationReason ?? null}</DeprecationReason>
      <ExplorerSection title="Type">
        <TypeLink type={field.type} />
      </ExplorerSection>
      {'args' in field && <Arguments owner={owner} field={field.name} args={field.args} />}
      {directives.length > 0 && (
        <ExplorerSection title="Directives">
          {directives.map((directive) => (
            <div key={directive.name.value}>
              <Directive directive={directive} />
            </div>
          ))}
        </ExplorerSection>
      )}
    </>
  );
}

function Arguments({
  owner,
  field,
  args,
}: {
  readonly owner: string | null;
  readonly field: string;
  readonly args: readonly GraphQLArgument[];
}) {
  const elementRules = useElementRules();
  const current = args.filter(({ deprecationReason }) => !deprecationReason);
  const deprecated = args.filter(({ deprecationReason }) => deprecationReason);
  const section = (title: 'Arguments' | 'Deprecated Arguments', some: readonly GraphQLArgument[]) => (
    <ExplorerSection title={title}>
      {some.map((argument) => {
        const rules = (owner !== null && elementRules?.ofArgument(owner, field, argument.name)) || [];
        const description = withoutRules(argument.description, rules, `${owner}.${field}(${argument.name}:)`);
        return (
          <div key={argument.name}>
            <Argument arg={{ ...argument, description }} />
            <RuleBadge rules={rules} />
          </div>
        );
      })}
    </ExplorerSection>
  );
  return (
    <>
      {current.length > 0 && section('Arguments', current)}
      {deprecated.length > 0 && (
        <HiddenUntil words="Show Deprecated Arguments">{section('Deprecated Arguments', deprecated)}</HiddenUntil>
      )}
    </>
  );
}
