import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { checkDefaults } from './defaults.ts';
import { rootTypes } from '../root-types.ts';
import type { ElementRules } from '../elements.ts';
import { faultAt, moduleOf } from '../../modules/fault.ts';
import { carriesDirective } from '../../given/directed.ts';
import { directiveNamesOf, type ResolvedDirectiveNames } from '../../directive-names.ts';
import { nearest, nearestHint } from '../../../protocol/nearest.ts';
import { isDynamic, type OwnerElement, requirementsOf, type Rule, type RuleIds } from '../rule.ts';

type Fielded = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Runs the checks that need the whole schema.
 *
 * @param elements - the elements with their rules in mode ENFORCE
 * @param faults - a line is added for each fault
 */
export function checkRules(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  elements: ElementRules,
  names: ResolvedDirectiveNames,
  faults: string[],
): void {
  for (const rule of rules) {
    for (const { owner } of requirementsOf(rule)) {
      const fault = owner && ownerFault(schema, rule, owner, `@${names.auth}`);
      if (fault) faults.push(faultAt(rule.coordinate, [rule.module], fault));
    }
  }
  checkDirectives(schema, elements, names, faults);
  checkDefaults(schema, rules, elements, faults);
  checkPayloads(schema, rules, elements, faults);
}

/**
 * Returns the fault of an `owner`, if it has one. The owner must be an argument of the field, or a leaf field of the
 * same type without arguments.
 */
function ownerFault(
  schema: GraphQLSchema,
  { kind, coordinate }: Rule,
  { kind: source, name }: OwnerElement,
  directive: string,
): string | null {
  if (name === '') return null; // readRule has reported it.
  const { type: typeName = '', field: fieldName } = /^(?<type>\w+)(?:\.(?<field>\w+))?/.exec(coordinate)?.groups ?? {};
  const type = schema.getType(typeName);
  if (!(isObjectType(type) || isInterfaceType(type))) {
    return `${directive}(owner:) has no meaning on ${kindNames[kind]}; put it on an object type, an interface, a field or an argument`;
  }
  const field = fieldName === undefined ? undefined : type.getFields()[fieldName];
  if (source === 'argument') {
    if (field?.args.some((argument) => argument.name === name)) return null;
    const names = field?.args.map((argument) => argument.name) ?? [];
    const known = names.map((one) => `"$${one}"`).join(', ');
    const meant = nearest(name, names);
    const argumentHint = meant === undefined ? '' : `; the nearest is "$${meant}"`;
    return `${directive}(owner: "$${name}") names no argument of ${field ? coordinate.replace(/\(.*/, '') : 'a type, which has none'}; expected ${known || 'the name of a field'}${argumentHint}`;
  }
  if (rootTypes(schema).some((root) => root === type)) {
    return `${directive}(owner: "${name}") names a field of a root type, which has no owner; expected "$argument"`;
  }
  // A type that implements the interface may add arguments to the field. Then the owner would depend on these
  // arguments.
  const types = isInterfaceType(type) ? [type, ...schema.getImplementations(type).objects] : [type];
  const without = types.find((one) => !ownersOf(one).includes(name));
  return without
    ? `${directive}(owner: "${name}") names no field of ${without.name} that is a single value and takes no argument${nearestHint(name, ownersOf(without))}`
    : null;
}

/** Returns the fields that can name the owner of a type: leaf fields without arguments, except lists. */
function ownersOf(type: Fielded): readonly string[] {
  const fields = Object.values(type.getFields());
  return fields
    .filter(({ args, type }) => args.length === 0 && isLeafType(getNullableType(type)))
    .map(({ name }) => name);
}

const kindNames: Readonly<Record<Rule['kind'], string>> = {
  object: 'an object type',
  interface: 'an interface',
  union: 'a union',
  field: 'a field',
  argument: 'an argument',
  inputObject: 'an input object',
  inputField: 'an input field',
  enum: 'an enum',
  enumValue: 'an enum value',
  scalar: 'a scalar',
};

/**
 * Checks that no argument of a directive is guarded. The guard does not inspect the arguments of directives in a
 * document.
 */
function checkDirectives(
  schema: GraphQLSchema,
  elements: ElementRules,
  names: ResolvedDirectiveNames,
  faults: string[],
): void {
  const own = directiveNamesOf(names);
  for (const directive of schema.getDirectives()) {
    if (own.has(directive.name)) continue;
    for (const argument of directive.args) {
      if (!carriesDirective(argument, names.auth) && !elements.isRuledInput(argument.type)) continue;
      const message = "carries a rule, which no directive's argument can: nothing would ask it";
      faults.push(faultAt(`@${directive.name}(${argument.name}:)`, [moduleOf(argument.astNode)], message));
    }
  }
}

/**
 * Checks the mutations that return a type with an owner or a policy. The rule of the type is decided only after the
 * mutation has run. Therefore the mutation field must have its own rule with an owner or a policy, which is decided
 * before the mutation runs.
 */
function checkPayloads(schema: GraphQLSchema, rules: readonly Rule[], elements: ElementRules, faults: string[]): void {
  const mutation = schema.getMutationType();
  if (!mutation) return;
  const dynamic = (ids: RuleIds): RuleIds => ids.filter((id) => rules[id] !== undefined && isDynamic(rules[id]));
  for (const field of Object.values(mutation.getFields())) {
    const returned = getNamedType(field.type);
    const possible = isAbstractType(returned) ? schema.getPossibleTypes(returned) : [];
    const own = elements.ownRules(mutation.name, field.name);
    if (dynamic(own).length > 0) continue;
    const ofField = elements.fieldRules(mutation.name, field.name);
    const ofPayload = [...ofField, ...possible.flatMap((type) => elements.typeRules(type.name))];
    const first = dynamic(ofPayload).find((id) => !own.includes(id));
    if (first === undefined) continue;
    const source = `${rules[first]?.source} on ${rules[first]?.coordinate}`;
    const message = `returns what ${source} decides only when it is done; give the field a rule with owner or policy of its own`;
    faults.push(
      faultAt(`${mutation.name}.${field.name}`, [moduleOf(field.astNode), rules[first]?.module ?? ''], message),
    );
  }
}
