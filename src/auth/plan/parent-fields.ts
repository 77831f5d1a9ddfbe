import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { ElementRules } from '../rules/elements.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { ParentField, ParentType, Possibility, RuledArguments } from './parent-type.ts';

const none: readonly RuleIds[] = [];

/** Makes the function that finds the rules of a field on a parent type. */
export function createParentFields(
  schema: GraphQLSchema,
  elements: ElementRules,
): (parent: ParentType, name: string) => ParentField {
  // One entry for each interface and union of the schema.
  const ofValues = new Map<string, readonly RuleIds[]>();

  function returnsOf(type: GraphQLOutputType): readonly RuleIds[] {
    const named = getNamedType(type);
    if (!isAbstractType(named)) return none;
    let rules = ofValues.get(named.name);
    if (rules === undefined) {
      rules = schema.getPossibleTypes(named).map(({ name }) => elements.typeRules(name));
      ofValues.set(named.name, rules);
    }
    return rules;
  }

  function rulesOfType(type: string, name: string, resolved: boolean): RuleIds {
    const ids = [...elements.fieldRules(type, name), ...(resolved ? elements.typeRules(type) : [])];
    return [...new Set(ids)].sort((a, b) => a - b);
  }

  function rulesOf({ possible, resolved }: ParentType, name: string): RuleIds {
    const [first = [], ...others] = possible.map((type) => new Set(rulesOfType(type.name, name, resolved)));
    return [...first].filter((id) => others.every((ids) => ids.has(id)));
  }

  function possibilitiesOf({ possible, resolved }: ParentType, name: string): readonly Possibility[] {
    const found = new Map<string, Possibility>();
    for (const type of possible) {
      const rules = rulesOfType(type.name, name, resolved);
      const field = type.getFields()[name];
      const inputRules = field ? elements.inputRules(type.name, name) : null;
      const inputs = field && inputRules ? { rules: inputRules, field } : null;
      const returns = field ? returnsOf(field.type) : none;
      // Possibilities with equal rules are merged, unless arguments have rules, because each type defines its own
      // arguments.
      const key = `${rules.join()} ${inputs ? type.name : ''} ${field && returns.length > 0 ? getNamedType(field.type).name : ''}`;
      found.set(key, { rules, inputs, returns });
    }
    return [...found.values()];
  }

  function inputsOf({ named, possible }: ParentType, name: string): RuledArguments | null {
    // If there are several possible types, the rules of the named interface are used. Each possible type can have
    // further rules.
    const [first, another] = possible;
    const type = first && !another ? first : named;
    const rules = elements.inputRules(type.name, name);
    const field = 'getFields' in type ? type.getFields()[name] : undefined;
    return rules && field ? { rules, field } : null;
  }

  return (parent, name) => {
    const { named } = parent;
    const definition = isObjectType(named) || isInterfaceType(named) ? named.getFields()[name] : undefined;
    return {
      coordinate: `${named.name}.${name}`,
      definition,
      rules: rulesOf(parent, name),
      possibilities: possibilitiesOf(parent, name),
      inputs: definition ? inputsOf(parent, name) : null, // Introspection fields carry no rules.
    };
  };
}
