import {
  astFromValue,
  buildASTSchema,
  type GraphQLArgument,
  type GraphQLDirective,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  parse,
  print,
} from 'graphql';
import { directivesSdl, hasRuleArguments } from '../directive.ts';
import { directiveNamesOf, type ResolvedDirectiveNames, typeNamesOf } from '../directive-names.ts';
import { faultAt } from '../modules/fault.ts';
import { disguisedFault } from '../modules/name-conflicts.ts';

/**
 * Finds definitions of Claimgate's directives in a schema that differ from Claimgate's definitions, and a definition of
 * `@auth` under another name. A missing definition is not a fault.
 *
 * Descriptions are not compared.
 */
export function* definitionFaults(schema: GraphQLSchema, names: ResolvedDirectiveNames): Iterable<string> {
  const own = buildASTSchema(parse(directivesSdl(names)), { assumeValidSDL: true });
  for (const name of directiveNamesOf(names)) {
    const found = schema.getDirective(name);
    const expected = own.getDirective(name);
    if (!found || !expected) continue;
    const fault = differenceOf(directiveParts(found), directiveParts(expected));
    if (fault) yield faultAt(`@${name}`, [], `${fault}; ${otherwise}`);
    else if (expected.isRepeatable !== found.isRepeatable) {
      yield faultAt(
        `@${name}`,
        [],
        expected.isRepeatable ? notRepeatable : `is repeatable in this schema; ${otherwise}`,
      );
    }
  }
  // If the schema does not define `@auth`, a type with one of these names belongs to the team.
  for (const name of schema.getDirective(names.auth) ? typeNamesOf(names) : []) {
    const [found, expected] = [schema.getType(name), own.getType(name)];
    const fault = found && expected && differenceOf(typeParts(found), typeParts(expected));
    if (fault) yield faultAt(name, [], `${fault}; ${otherwise}`);
  }
  for (const { name, args } of schema.getDirectives()) {
    if (name !== names.auth && hasRuleArguments(args.map((argument) => argument.name))) {
      yield faultAt(`@${name}`, [], disguisedFault(name, names));
    }
  }
}

const otherwise =
  'write its definition as in authDirectives, or give Claimgate\'s directive another name, as by directives: { auth: "claims" }, which names its types too';

const notRepeatable =
  'is not repeatable in this schema, so a merge may have joined two rules into one weaker rule before Claimgate saw them; add the SDL authDirectives to the typeDefs before they are merged';

/** The text of each part of a definition, by the name of the part in messages. */
type Parts = ReadonlyMap<string, string>;

function directiveParts({ args, locations }: GraphQLDirective): Parts {
  return new Map([...args.map(inputPart), ['locations', locations.toSorted().join(' | ')]]);
}

function typeParts(type: GraphQLNamedType): Parts {
  if (isEnumType(type)) return new Map(type.getValues().map(({ name }) => [name, name]));
  const fields = isInputObjectType(type) ? Object.values(type.getFields()) : [];
  return new Map([['kind', type.constructor.name], ...fields.map(inputPart)]);
}

function inputPart({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): readonly [string, string] {
  const written = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return [name, `${name}: ${String(type)}${written ? ` = ${print(written)}` : ''}`];
}

function differenceOf(found: Parts, expected: Parts): string | undefined {
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    const [one, other] = [found.get(name), expected.get(name)];
    if (one !== other)
      return `is defined otherwise than by Claimgate: found ${one ?? 'nothing'}, expected ${other ?? `no ${name}`}`;
  }
  return undefined;
}
