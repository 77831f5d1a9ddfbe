import {
  getNamedType,
  type GraphQLCompositeType,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { formOf, type NormalForm } from '../../auth/algebra/form.ts';
import { compileElements, type ElementRules } from '../../auth/rules/elements.ts';
import { rootTypes } from '../../auth/rules/root-types.ts';
import type { RuleIds } from '../../auth/rules/rule.ts';
import type { RuleSource } from '../source/rule-source.ts';

/** A way from one type to another: a field that returns it, or a possible type of an interface or a union. */
export interface Way {
  readonly from: number;
  readonly to: number;
  /** The first such field: `Type.field`. `null`: `to` is a possible type of `from`. */
  readonly field: string | null;
  /** The number of the form of the rules on the way. */
  readonly form: number;
}

/** The types of a schema that have fields or possible types, and the ways between them. */
export interface SchemaGraph {
  readonly types: readonly GraphQLCompositeType[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly roots: readonly number[];
  /** One way for each pair of types and each form. */
  readonly ways: readonly Way[];
  /** The normal forms of the rules, by number. 0 is the form without a rule. */
  readonly forms: readonly NormalForm[];
  readonly elements: ElementRules;
  /** Returns the number of the form in which all of these rules hold. */
  readonly formOfRules: (ids: RuleIds) => number;
}

/** Makes the graph of a schema. */
export function graphOf({ schema, rules }: RuleSource): SchemaGraph {
  const elements = compileElements(
    schema,
    rules.filter(({ mode }) => mode === 'ENFORCE'),
  );
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLCompositeType => isCompositeType(type) && !isIntrospectionType(type),
  );
  const numbers = new Map(types.map(({ name }, at) => [name, at]));
  const forms: NormalForm[] = [];
  const known = new Map<string, number>();
  function formOfRules(ids: RuleIds): number {
    // Rules with equal texts have equal requirements. Owners and policies stay apart, because their place counts.
    const key = ids.join();
    let number = known.get(key);
    if (number === undefined) {
      number = forms.push(formOf(ids.flatMap((id) => rules[id] ?? []))) - 1;
      known.set(key, number);
    }
    return number;
  }
  formOfRules([]);

  const ways = new Map<string, Way>();
  const add = (from: number, to: number | undefined, field: string | null, ids: RuleIds): void => {
    if (to === undefined) return;
    const form = formOfRules(ids);
    const key = `${from} ${to} ${form}`;
    if (!ways.has(key)) ways.set(key, { from, to, field, form });
  };
  types.forEach((type, from) => {
    if (isAbstractType(type)) {
      for (const { name } of schema.getPossibleTypes(type))
        add(from, numbers.get(name), null, elements.typeRules(name));
    }
    if (!isObjectType(type)) return;
    for (const field of Object.values(type.getFields())) {
      const to = numbers.get(getNamedType(field.type).name);
      add(from, to, `${type.name}.${field.name}`, elements.fieldRules(type.name, field.name));
    }
  });
  const roots = rootTypes(schema).flatMap(({ name }) => numbers.get(name) ?? []);
  return { types, numbers, roots, ways: [...ways.values()], forms, elements, formOfRules };
}

/** Names the kind of a type for people. */
export function kindOfType(type: GraphQLCompositeType): 'type' | 'interface' | 'union' {
  if (isObjectType(type)) return 'type';
  return isUnionType(type) ? 'union' : 'interface';
}
