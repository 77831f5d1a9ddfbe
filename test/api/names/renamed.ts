import { Kind, parse, print, specifiedScalarTypes, visit } from 'graphql';
import type { OwnNames } from '../../../src/api/names/own-names.ts';

const fixed: ReadonlySet<string> = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'TokenSet',
  'OAuthError',
  'ExchangeAuthorizationCodeInput',
  'RefreshAccessTokenInput',
  'RevokeTokenInput',
  ...specifiedScalarTypes.map(({ name }) => name),
]);
const tokenMutations = /^(beginAuthorization|exchangeAuthorizationCode|refreshAccessToken|revokeToken|__\w+)$/;

/** Rewrites a document from the usual names to the names of a server. The answers have the same keys. */
export function inNames(names: OwnNames, source: string): string {
  const document = visit(parse(source), {
    NamedType: {
      leave: (node) =>
        fixed.has(node.name.value)
          ? undefined
          : { ...node, name: { ...node.name, value: names.type(node.name.value) } },
    },
    OperationDefinition: {
      leave: (node) => ({
        ...node,
        selectionSet: {
          ...node.selectionSet,
          selections: node.selectionSet.selections.map((field) =>
            field.kind === Kind.FIELD && !tokenMutations.test(field.name.value)
              ? {
                  ...field,
                  alias: field.alias ?? field.name,
                  name: { ...field.name, value: names.field(field.name.value) },
                }
              : field,
          ),
        },
      }),
    },
  });
  return print(document);
}

/** Translates `Type.field` from the usual names to the names of a server. */
export function coordinateIn(names: OwnNames, coordinate: string): string {
  const [type = '', field = ''] = coordinate.split('.');
  return fixed.has(type) ? `${type}.${names.field(field)}` : `${names.type(type)}.${field}`;
}
