import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isTypeSystemDefinitionNode,
  isTypeSystemExtensionNode,
  Kind,
  Source,
  validateSchema,
} from 'graphql';
import { hasRuleArguments } from '../../auth/directive.ts';
import { directiveNamesOf, namesOf, type ResolvedDirectiveNames } from '../../auth/directive-names.ts';
import { joinModules } from '../../auth/modules/join-modules.ts';
import { joinRoots } from '../../auth/modules/join-roots.ts';
import type { ParsedModule } from '../../auth/modules/parse.ts';
import { validateSdl } from '../../auth/modules/validate-sdl.ts';
import { checkClosed } from '../../auth/rules/checks/closed.ts';
import { checkRules } from '../../auth/rules/checks/rules.ts';
import { type CollectedRules, collectRules } from '../../auth/rules/collect.ts';
import { compileElements } from '../../auth/rules/elements.ts';
import { nearest } from '../../protocol/nearest.ts';
import { faultOfErrors, placeOfNode, ToolFault } from '../report/fault.ts';
import { anyPolicy } from './any-policy.ts';
import { apolloNamesOf, withoutApollo } from './apollo.ts';
import type { TextFile } from './files.ts';
import { parseBounded, withinLimits } from './exhaustion.ts';
import { placeOf, type RuleSource } from './rule-source.ts';

/**
 * Makes the source of a schema in SDL, with Claimgate's directives or Apollo's `@authenticated`, `@requiresScopes` and
 * `@policy`. The files together are one schema. A schema with which Claimgate would not start, because a root field has
 * no rule, is accepted: `startFaults` has the reasons.
 *
 * @param name - how the files were named
 * @throws {ToolFault} with the file and the line, if the SDL is not valid, is nested too deep, or a rule cannot be read
 */
export function sourceOfSdl(name: string, files: readonly TextFile[]): RuleSource {
  return withinLimits(name, () => readSdl(name, files));
}

function readSdl(name: string, files: readonly TextFile[]): RuleSource {
  const written = files.map((file): ParsedModule => ({ name: file.name, definitions: parsed(file) }));
  const all = written.flatMap(({ definitions }) => definitions);
  const names = namesIn(all);
  const apollo = apolloNamesOf(all);
  const modules = written.map((module) => ({
    ...module,
    definitions: withoutApollo(module.definitions, apollo, names.auth),
  }));
  const faults: string[] = [];
  const joined = joinRoots(modules, faults);
  const { rules, publicFields } = collectRules(joined, names, { policies: anyPolicy }, faults);
  const schema = built(joinModules(joined, names), names, name);
  const base = { name, schema, rules, publicFields: new Set(publicFields.map(({ coordinate }) => coordinate)) };
  stopOnFirst({ ...base, startFaults: [] }, faults);
  return { ...base, startFaults: startFaultsOf(schema, { rules, publicFields }, names) };
}

function parsed({ name, text }: TextFile): readonly DefinitionNode[] {
  try {
    const { definitions } = parseBounded(new Source(text, name), { file: name, line: null });
    const other = definitions.find((node) => !isTypeSystemDefinitionNode(node) && !isTypeSystemExtensionNode(node));
    if (other) throw new ToolFault(placeOfNode(other), 'expected definitions of a schema; found an operation');
    return definitions;
  } catch (error) {
    if (error instanceof GraphQLError) throw faultOfErrors([error], name);
    throw error;
  }
}

/**
 * Finds the names of Claimgate's directives. A directive with the arguments of `@auth` is `@auth` under another name. If
 * the schema does not define `@auth`, it may use the names of the types of its arguments for types of its own.
 */
function namesIn(definitions: readonly DefinitionNode[]): ResolvedDirectiveNames {
  const directives = definitions.filter((node) => node.kind === Kind.DIRECTIVE_DEFINITION);
  const auth = directives.find(({ arguments: args = [] }) => hasRuleArguments(args.map((one) => one.name.value)));
  if (auth) return namesOf({ auth: auth.name.value });
  const types = { mode: 'Claimgate__Mode', rule: 'Claimgate__Rule', claim: 'Claimgate__Claim' };
  return { ...namesOf(), types };
}

function built(document: DocumentNode, names: ResolvedDirectiveNames, name: string): GraphQLSchema {
  const invalid = validateSdl(document).filter((error) => !isOfFederation(error));
  if (invalid.length > 0)
    throw faultOfErrors(
      invalid.map((error) => withHint(error, names)),
      name,
    );
  try {
    const schema = buildASTSchema(document, { assumeValidSDL: true });
    const faults = validateSchema(schema);
    if (faults.length > 0) throw faultOfErrors(faults, name);
    return schema;
  } catch (error) {
    if (error instanceof ToolFault) throw error;
    if (error instanceof GraphQLError) throw faultOfErrors([error], name);
    throw new ToolFault({ file: name, line: null }, `the schema cannot be built: ${buildReason(error)}`);
  }
}

/** A `RangeError` comes from a default value that contains itself, or from types that are nested too deep. */
function buildReason(error: unknown): string {
  if (!(error instanceof RangeError)) return String(error);
  return 'its types or default values are nested too deep, or a default value contains itself; expected a smaller schema';
}

/** The directives of Apollo Federation, which subgraphs use without a definition. */
const federation: ReadonlySet<string> = new Set(
  'key external requires provides shareable link override inaccessible tag composeDirective interfaceObject extends context fromContext cost listSize'.split(
    ' ',
  ),
);

function isOfFederation({ message }: GraphQLError): boolean {
  const [, name] = /^Unknown directive "@(\w+)"\.$/.exec(message) ?? [];
  return name !== undefined && (federation.has(name) || /^(?:federation|join|link|core)__/.test(name));
}

/** Adds the nearest name to an unknown directive: a misspelled rule would guard nothing. */
function withHint(error: GraphQLError, names: ResolvedDirectiveNames): GraphQLError {
  const [, unknown] = /^Unknown directive "@(\w+)"\.$/.exec(error.message) ?? [];
  if (unknown === undefined) return error;
  const meant = nearest(unknown, [...directiveNamesOf(names), 'authenticated', 'requiresScopes', 'policy']);
  const expected = meant === undefined ? 'expected its definition in the schema' : `the nearest is @${meant}`;
  return new GraphQLError(`unknown directive @${unknown}; ${expected}`, { nodes: error.nodes ?? [] });
}

/** @throws {ToolFault} for the first of several faults of rules. A fault begins with a coordinate */
function stopOnFirst(source: RuleSource, faults: readonly string[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const [, coordinate = '', message = first] =
    /^([\w.]+(?:\(\w+:\))?)(?: \(modules? [^)]*\))?: (.*)$/s.exec(first) ?? [];
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new ToolFault(
    placeOf(source, coordinate) ?? { file: source.name, line: null },
    `${coordinate}: ${message}${more}`,
  );
}

function startFaultsOf(schema: GraphQLSchema, collected: CollectedRules, names: ResolvedDirectiveNames) {
  const faults: string[] = [];
  const enforced = collected.rules.filter(({ mode }) => mode === 'ENFORCE');
  checkClosed(schema, collected, names, faults);
  checkRules(schema, collected.rules, compileElements(schema, enforced), names, faults);
  return [...new Set(faults)];
}
