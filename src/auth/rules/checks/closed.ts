import type { GraphQLSchema } from 'graphql';
import type { CollectedRules } from '../collect.ts';
import { faultAt, moduleOf } from '../../modules/fault.ts';
import type { ResolvedDirectiveNames } from '../../directive-names.ts';
import { rootTypes } from '../root-types.ts';

/**
 * Checks that every root field has `@public`, or has `@auth` on the field or its type. A field with both `@auth` (in
 * any mode) and `@public` is a fault. `@public` on an element that is not a root field is a fault.
 *
 * @param faults - a line is added for each fault
 */
export function checkClosed(
  schema: GraphQLSchema,
  { rules, publicFields }: CollectedRules,
  names: ResolvedDirectiveNames,
  faults: string[],
): void {
  // A SHADOW rule denies nothing, so it does not replace `@public`.
  const ruled = new Set(rules.filter(({ mode }) => mode === 'ENFORCE').map((rule) => rule.coordinate));
  const byCoordinate = Map.groupBy(rules, (rule) => rule.coordinate);
  const open = new Set(publicFields.map((field) => field.coordinate));
  const rootFields = new Set<string>();
  for (const type of rootTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      rootFields.add(coordinate);
      if (ruled.has(coordinate) || ruled.has(type.name) || open.has(coordinate)) continue;
      const message = `a root field with neither @${names.auth} nor @${names.public}; say who may read it: write @${names.auth} or @${names.public} on it`;
      faults.push(faultAt(coordinate, [moduleOf(field.astNode)], message));
    }
  }
  for (const { coordinate, module } of publicFields) {
    if (!rootFields.has(coordinate)) {
      faults.push(
        faultAt(coordinate, [module], `@${names.public} has no meaning off a root operation type; take it out`),
      );
    }
    const others = byCoordinate.get(coordinate) ?? [];
    if (others.length > 0) {
      const modules = [module, ...others.map((rule) => rule.module)];
      faults.push(faultAt(coordinate, modules, `has both @${names.public} and @${names.auth}; keep one`));
    }
  }
}
