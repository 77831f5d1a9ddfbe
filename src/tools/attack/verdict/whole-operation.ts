import {
  getNamedType,
  type GraphQLCompositeType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { Persona } from '../callers/persona.ts';
import type { Judge } from './judge.ts';
import { fieldsOf, type Selected } from './walk.ts';

/**
 * Finds an element for whose rules an operation is denied for all of its values: a field on the way through object types,
 * or every possible type of an interface or a union. A mutation or subscription with such an element runs nothing.
 *
 * @returns the coordinate of the element, or null
 */
export function deniedForSure(
  selected: Selected,
  judge: Judge,
  persona: Persona,
  type: GraphQLCompositeType,
  selections: readonly SelectionSetNode[],
  isRoot = true,
): string | null {
  const { schema, rules } = selected;
  if (!isRoot && judge.denies(rules.ofType(type.name), persona)) return type.name;
  if (isAbstractType(type)) {
    const possible = schema.getPossibleTypes(type);
    const found = possible.map((one) => deniedForSure(selected, judge, persona, one, selections, false));
    return found.length > 0 && found.every((one) => one !== null) ? (found[0] ?? null) : null;
  }
  for (const [, nodes] of fieldsOf(selected, type, selections)) {
    const name = nodes[0]?.name.value ?? '';
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!field) continue;
    const coordinate = `${type.name}.${name}`;
    const required = [...rules.ofField(type.name, name), ...rules.ofValue(type.name, name)];
    if (judge.denies(required, persona)) return coordinate;
    // Owners and policies of a root field are asked before any part of the operation runs.
    if (isRoot && judge.opens(rules.ofField(type.name, name), persona) === 'no') return coordinate;
    const value = getNamedType(field.type);
    if (!isCompositeType(value)) continue;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const found = deniedForSure(selected, judge, persona, value, below, false);
    if (found !== null) return found;
  }
  return null;
}
