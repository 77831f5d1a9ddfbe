import { type DefinitionNode, type DocumentNode, type GraphQLSchema, Kind, parse, validateSchema } from 'graphql';
import { directivesSdl } from './directive.ts';
import { defaultNames, directiveNamesOf, isDefaultName, type ResolvedDirectiveNames } from './directive-names.ts';
import { faultAt, faultsOf, stopOn } from './modules/fault.ts';
import { validateSdl } from './modules/validate-sdl.ts';
import { checkNames } from './modules/name-conflicts.ts';
import { checkClosed } from './rules/checks/closed.ts';
import { type CollectedRules, collectRules } from './rules/collect.ts';
import type { Catalogue } from './rules/read-rule.ts';
import type { Source } from './source.ts';
import { copySchema } from './given/copy-schema.ts';
import { definitionFaults } from './given/definition-faults.ts';
import { idleRules } from './given/idle-rules.ts';
import { lostRules } from './given/lost-rules.ts';
import { ruleDefinitions } from './given/rule-definitions.ts';
import { undefinedDirectives } from './given/undefined-directives.ts';
import { schemaFaults } from './given/schema-faults.ts';

/** The parameters of `fromSchema`. */
export interface GivenSource {
  readonly schema: GraphQLSchema;
  readonly names: ResolvedDirectiveNames;
  readonly catalogue: Catalogue;
  /** Checks the copy of the schema. */
  readonly check: ((schema: GraphQLSchema) => readonly string[]) | undefined;
}

/**
 * Makes a copy of an executable schema, and collects the rules in its SDL and its `extensions`. It does not change the
 * given schema.
 *
 * @param faults - a line is added for each fault that does not prevent later checks
 * @throws {StartError} with all faults of a step, if a later step needs the result of this step
 */
export function fromSchema({ schema: given, names, catalogue, check }: GivenSource, faults: string[]): Source {
  faults.push(...schemaFaults(given));
  stopOn(faults);
  const schema = copySchema(given);
  faults.push(
    ...validateSchema(schema).map(({ message }) => faultAt('schema', [], message.replaceAll(/\s*\n\s*/g, ' '))),
  );
  stopOn(faults);

  const definitions = ruleDefinitions(schema, names, faults);
  faults.push(...definitionFaults(schema, names), ...sdlFaults(definitions, names), ...lostRules(schema, names));
  const unknown = undefinedDirectives(schema, names);
  faults.push(...unknown.faults);
  const collected = collectRules([{ name: '', definitions }], names, catalogue, faults);
  checkNames([{ name: '', definitions: namingNodes(schema, names) }], names, faults);
  faults.push(...missingRules(schema, collected, names));
  checkClosed(schema, collected, names, faults);
  if (check) faults.push(...check(schema));
  stopOn(faults);
  const warnings = (): readonly string[] => [
    ...unknown.warnings,
    ...foreignDirectives(schema, names),
    ...idleRules(schema, names),
  ];
  return { schema, rules: collected.rules, warnings };
}

/** Validates the places, the names of arguments and the repetitions of Claimgate's directives. */
function sdlFaults(definitions: readonly DefinitionNode[], names: ResolvedDirectiveNames): readonly string[] {
  // The types of the arguments get names that no schema may use. Otherwise the schema could have a type with one of
  // these names.
  const types = { mode: '__Mode', rule: '__Rule', claim: '__Claim' };
  const own = parse(directivesSdl({ ...names, types })).definitions;
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...own, ...definitions] };
  return faultsOf(validateSdl(document), document);
}

/** Returns the nodes that can give a directive of Claimgate another name: definitions of directives, and `@link`. */
function namingNodes(schema: GraphQLSchema, names: ResolvedDirectiveNames): readonly DefinitionNode[] {
  const own = directiveNamesOf(names); // `definitionFaults` compares these definitions.
  const others = schema.getDirectives().filter(({ name }) => !own.has(name));
  return [
    ...(schema.astNode ? [schema.astNode] : []),
    ...schema.extensionASTNodes,
    ...others.map(
      ({ name }) =>
        ({
          kind: Kind.DIRECTIVE_DEFINITION,
          name: { kind: Kind.NAME, value: name },
          repeatable: false,
          locations: [],
        }) as const,
    ),
  ];
}

/** Finds the fault of a schema that defines `@auth`, but has no rule and no `@public`. */
function* missingRules(
  schema: GraphQLSchema,
  { rules, publicFields }: CollectedRules,
  { auth }: ResolvedDirectiveNames,
): Iterable<string> {
  if (!schema.getDirective(auth) || rules.length > 0 || publicFields.length > 0) return;
  yield `schema: defines @${auth}, and no element carries a rule; a schema loses its rules if it is printed, introspected and built again (printSchema, buildClientSchema); give the schema that its resolvers were added to first`;
}

/** Warns of the team's directives that have a default name of Claimgate's directives. */
function* foreignDirectives(schema: GraphQLSchema, names: ResolvedDirectiveNames): Iterable<string> {
  for (const { name } of schema.getDirectives()) {
    if (!isDefaultName(name) || names[name] === defaultNames[name]) continue;
    yield faultAt(`@${name}`, [], `is the schema's own and guards nothing; Claimgate's is @${names[name]}`);
  }
}
