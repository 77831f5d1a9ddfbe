import { getNamedType, type GraphQLNamedType, type GraphQLSchema, isAbstractType, isUnionType } from 'graphql';
import type { ElementRules } from '../rules/elements.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { PlannedField } from '../plan/plan.ts';

/** An element that a selected field uses, with rules. */
export interface UsedElement {
  readonly coordinate: string;
  readonly ids: RuleIds;
  /**
   * Where the element is needed. `always`: for every value. `parent`: only for some possible types of the object that
   * has the field. `value`: only for some possible types of the field's value.
   */
  readonly when: 'always' | 'parent' | 'value';
}

/** Finds the elements with rules that a selected field uses: the field, and the types of its value. */
export type UsedElements = (field: PlannedField) => readonly UsedElement[];

/**
 * Makes the function that finds the elements of fields. It stores its results for one plan.
 *
 * A rule of an object behind an interface or a union is reported at the field that returns the object, and not again at
 * the fields below.
 */
export function createUsedElements(schema: GraphQLSchema, elements: ElementRules): UsedElements {
  const known = new Map<PlannedField['possibilities'], readonly UsedElement[]>();

  function find({ parent, name, coordinate }: PlannedField): readonly UsedElement[] {
    const used = new Map<string, { coordinate: string; when: UsedElement['when']; ids: Set<number> }>();
    const add = (coordinate: string, ids: Iterable<number>, when: UsedElement['when']): void => {
      const key = `${when} ${coordinate}`;
      for (const id of ids) {
        const element = used.get(key) ?? { coordinate, when, ids: new Set<number>() };
        element.ids.add(id);
        used.set(key, element);
      }
    };
    const types = parent.possible.flatMap((type) => {
      const field = type.getFields()[name];
      if (!field) return [];
      const own = elements.ownRules(type.name, name);
      return { type, own, ofValue: elements.returnRules(type.name, name), value: getNamedType(field.type) };
    });
    const [first] = types;
    if (!first) return [];
    const own = inEvery(types.map((type) => type.own));
    add(coordinate, own, 'always');
    for (const type of types) add(`${type.type.name}.${name}`, without(type.own, own), 'parent');

    const ofValue = inEvery(types.map((type) => type.ofValue));
    const named = new Set<GraphQLNamedType>(types.map(({ value }) => value));
    // The named type declares the widest type of the value.
    const declared = isUnionType(parent.named) ? undefined : parent.named.getFields()[name]?.type;
    add(declared ? getNamedType(declared).name : first.value.name, ofValue, 'always');
    for (const type of types) add(type.value.name, without(type.ofValue, ofValue), 'parent');
    for (const value of named) {
      if (!isAbstractType(value)) continue;
      for (const { name: possible } of schema.getPossibleTypes(value)) {
        add(possible, without(elements.typeRules(possible), ofValue), 'value');
      }
    }
    return [...used.values()].map((element) => ({ ...element, ids: ascending(element.ids) }));
  }

  return (field) => {
    let found = known.get(field.possibilities);
    if (!found) {
      found = find(field);
      known.set(field.possibilities, found);
    }
    return found;
  };
}

/** Returns the rules that are in every list. */
function inEvery(lists: readonly RuleIds[]): ReadonlySet<number> {
  const [first = [], ...others] = lists;
  const rest = [...new Set(others)].map((ids) => new Set(ids));
  return new Set(first.filter((id) => rest.every((ids) => ids.has(id))));
}

function without(ids: RuleIds, others: ReadonlySet<number>): RuleIds {
  return ids.filter((id) => !others.has(id));
}

function ascending(ids: Iterable<number>): RuleIds {
  return [...ids].sort((a, b) => a - b);
}
