import {
  Argument,
  DefaultValue,
  DeprecationReason,
  ExplorerSection,
  FieldLink,
  TypeLink,
} from '@graphiql/plugin-doc-explorer';
import { MarkdownContent, useGraphiQL } from '@graphiql/react';
import {
  type GraphQLEnumValue,
  type GraphQLNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { Capped } from './capped.tsx';
import type { DocumentedField } from './element-rules.ts';
import { HiddenUntil } from './hidden-until.tsx';
import { Description, RuleBadge } from './rule-badge.tsx';
import { useElementRules } from './use-rules.ts';

/** The page of a type. It is GraphiQL's page, with the rules of each element. */
export function TypePage({ type }: { readonly type: GraphQLNamedType }) {
  const rules = useElementRules()?.ofType(type.name) ?? [];
  return (
    <>
      <div>
        <RuleBadge rules={rules} />
      </div>
      <Description text={type.description} rules={rules} coordinate={type.name} />
      {isObjectType(type) && <TypeLinks title="Implements" types={type.getInterfaces()} />}
      <Fields type={type} />
      {isEnumType(type) && <EnumValues type={type.name} values={type.getValues()} />}
      <PossibleTypes type={type} />
    </>
  );
}

function TypeLinks({
  title,
  types,
}: {
  readonly title: 'Implements' | 'Implementations' | 'Possible Types';
  readonly types: readonly GraphQLNamedType[];
}) {
  if (types.length === 0) return null;
  return (
    <ExplorerSection title={title}>
      <Capped all={types} noun="types">
        {(type) => (
          <div key={type.name}>
            <TypeLink type={type} />
          </div>
        )}
      </Capped>
    </ExplorerSection>
  );
}

function PossibleTypes({ type }: { readonly type: GraphQLNamedType }) {
  const schema = useGraphiQL((state) => state.schema);
  if (!schema || !isAbstractType(type)) return null;
  const title = isInterfaceType(type) ? 'Implementations' : 'Possible Types';
  return <TypeLinks title={title} types={schema.getPossibleTypes(type)} />;
}

function Fields({ type }: { readonly type: GraphQLNamedType }) {
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return null;
  const all: readonly DocumentedField[] = Object.values(type.getFields());
  const current = all.filter(({ deprecationReason }) => !deprecationReason);
  const deprecated = all.filter(({ deprecationReason }) => deprecationReason);
  const section = (title: 'Fields' | 'Deprecated Fields', fields: readonly DocumentedField[]) => (
    <ExplorerSection title={title}>
      <Capped all={fields} noun="fields">
        {(field) => <Field key={field.name} type={type.name} field={field} />}
      </Capped>
    </ExplorerSection>
  );
  return (
    <>
      {current.length > 0 && section('Fields', current)}
      {deprecated.length > 0 && (
        <HiddenUntil words="Show Deprecated Fields">{section('Deprecated Fields', deprecated)}</HiddenUntil>
      )}
    </>
  );
}

function Field({ type, field }: { readonly type: string; readonly field: DocumentedField }) {
  const elementRules = useElementRules();
  const rules = elementRules?.ofMember(type, field.name) ?? [];
  const args = 'args' in field ? field.args.filter(({ deprecationReason }) => !deprecationReason) : [];
  return (
    <div className="graphiql-doc-explorer-item">
      <div>
        <FieldLink field={field} />
        {args.length > 0 && (
          <>
            (
            <span>
              {args.map((argument) =>
                args.length === 1 ? (
                  <Argument key={argument.name} arg={argument} inline />
                ) : (
                  <div key={argument.name} className="graphiql-doc-explorer-argument-multiple">
                    <Argument arg={argument} inline />
                  </div>
                ),
              )}
            </span>
            )
          </>
        )}
        {': '}
        <TypeLink type={field.type} />
        <DefaultValue field={field} />
      </div>
      <RuleBadge rules={rules} />
      {args.map(({ name }) => {
        const ofArgument = elementRules?.ofArgument(type, field.name, name) ?? [];
        return (
          ofArgument.length > 0 && (
            <div key={name} className="needs-argument-rule">
              <span className="graphiql-doc-explorer-argument-name">{name}</span> <RuleBadge rules={ofArgument} />
            </div>
          )
        );
      })}
      <Description text={field.description} rules={rules} coordinate={`${type}.${field.name}`} isPreview />
      <DeprecationReason>{field.deprecationReason ?? null}</DeprecationReason>
    </div>
  );
}

function EnumValues({ type, values }: { readonly type: string; readonly values: readonly GraphQLEnumValue[] }) {
  const current = values.filter(({ deprecationReason }) => !deprecationReason);
  const deprecated = values.filter(({ deprecationReason }) => deprecationReason);
  const section = (title: 'Enum Values' | 'Deprecated Enum Values', some: readonly GraphQLEnumValue[]) => (
    <ExplorerSection title={title}>
      <Capped all={some} noun="values">
        {(value) => <EnumValue key={value.name} type={type} value={value} />}
      </Capped>
    </ExplorerSection>
  );
  return (
    <>
      {current.length > 0 && section('Enum Values', current)}
      {deprecated.length > 0 && (
        <HiddenUntil words="Show Deprecated Values">{section('Deprecated Enum Values', deprecated)}</HiddenUntil>
      )}
    </>
  );
}

function EnumValue({ type, value }: { readonly type: string; readonly value: GraphQLEnumValue }) {
  const rules = useElementRules()?.ofMember(type, value.name) ?? [];
  return (
    <div className="graphiql-doc-explorer-item">
      <div className="graphiql-doc-explorer-enum-value">{value.name}</div>
      <RuleBadge rules={rules} />
      <Description text={value.description} rules={rules} coordinate={`${type}.${value.name}`} />
      {value.deprecationReason && <MarkdownContent type="deprecation">{value.deprecationReason}</MarkdownContent>}
    </div>
  );
}
