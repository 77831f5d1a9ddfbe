import { type GraphQLSchema, isScalarType } from 'graphql';
import { StartError } from '../errors.ts';
import type { ResolvedDirectiveNames } from './directive-names.ts';
import { isInExtensions } from './given/extensions.ts';
import { addResolvers } from './resolvers/add-resolvers.ts';
import { readDefaults } from './resolvers/default-values.ts';
import { joinResolvers } from './resolvers/join-resolvers.ts';
import { checkCarried } from './rules/checks/carried.ts';
import { checkClosed } from './rules/checks/closed.ts';
import { collectRules } from './rules/collect.ts';
import type { Catalogue } from './rules/read-rule.ts';
import type { Source } from './source.ts';
import { buildDocument } from './modules/build.ts';
import { faultAt, isStackExhausted, moduleOf, stopOn } from './modules/fault.ts';
import { idleDirectives } from './modules/idle-directives.ts';
import { joinModules } from './modules/join-modules.ts';
import { joinRoots } from './modules/join-roots.ts';
import type { SchemaModule } from './modules/module.ts';
import { checkNames, foreignNames } from './modules/name-conflicts.ts';
import { parseModules } from './modules/parse.ts';

/** The parameters of `fromModules`. */
export interface ModulesSource {
  readonly modules: readonly SchemaModule[];
  readonly names: ResolvedDirectiveNames;
  readonly catalogue: Catalogue;
  /** Checks the joined schema, which has no resolvers yet. */
  readonly check: ((schema: GraphQLSchema) => readonly string[]) | undefined;
}

/**
 * Makes one executable schema from modules, and collects the rules of the modules.
 *
 * @param faults - a line is added for each fault that does not prevent later checks
 * @throws {StartError} with all faults of a step, if a later step needs the result of this step
 */
export function fromModules({ modules, names, catalogue, check }: ModulesSource, faults: string[]): Source {
  const parsed = joinRoots(parseModules(modules, faults), faults);
  stopOn(faults); // The later checks would report each definition of a broken module as missing.

  const { rules, publicFields } = collectRules(parsed, names, catalogue, faults);
  checkNames(parsed, names, faults);
  const schema = buildDocument(joinModules(parsed, names), names, faults);
  if (schema) checkClosed(schema, { rules, publicFields }, names, faults);
  const resolvers = joinResolvers(modules, schema, faults);
  if (schema && check) faults.push(...check(schema));
  stopOn(faults);
  if (!schema) throw new StartError(['schema: could not be built']);

  try {
    addResolvers(schema, resolvers);
  } catch (error) {
    if (isStackExhausted(error)) throw error;
    throw new StartError([error instanceof Error ? error.message : String(error)]);
  }
  readDefaults(schema, faults);
  checkCarried(schema, rules, names, faults);
  faults.push(...rulesInExtensions(schema, names));
  return { schema, rules, warnings: () => [...foreignNames(parsed, names), ...idleDirectives(parsed)] };
}

/**
 * Finds scalars in resolver maps with a rule in their `extensions`. A module must write its rules in SDL. No other
 * member of a resolver map has `extensions`.
 */
function* rulesInExtensions(schema: GraphQLSchema, { auth }: ResolvedDirectiveNames): Iterable<string> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || !isInExtensions(type.extensions, auth)) continue;
    const message = `has extensions.${auth}, which is not read in a module; write @${auth} in the SDL`;
    yield faultAt(type.name, [moduleOf(type.astNode)], message);
  }
}
