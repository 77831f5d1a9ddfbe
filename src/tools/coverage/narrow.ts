import type { Paint } from '../report/paint.ts';
import { narrowRows } from '../report/wrap.ts';
import type { Coverage } from './coverage.ts';
import { hasModules, originsOf, requiredBy } from './words.ts';

/** Writes the fields in lists by type, for a terminal that is too narrow for the table. */
export function fieldsNarrow({ types, source, caller }: Coverage, paint: Paint, columns: number): string {
  const withModules = hasModules(source);
  return types
    .filter(({ kind, fields }) => kind === 'type' && fields.length > 0)
    .map(({ name, fields }) => {
      const rows = fields.map((field) => {
        const required = requiredBy(field);
        return {
          cells: [field.name, field.state, ...(caller === undefined ? [] : [field.reached ?? ''])],
          text: required === '' ? '' : `${required} (${originsOf(field, withModules)})`,
        };
      });
      return `${paint('bold', name)}\n${narrowRows(rows, columns)}`;
    })
    .join('\n');
}
