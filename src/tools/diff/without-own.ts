import type { Change } from './change.ts';
import type { SchemaDiff } from './diff.ts';
import { elementAt, type RuleSource } from '../source/rule-source.ts';

/**
 * Leaves out the elements of Claimgate that only the schema of a project has, because the SDL of a team has none of them.
 * A change that opens an element of the team stays.
 *
 * @param own - the coordinates of the elements of Claimgate in the project
 * @param project - the schema of the project, which is one of the two that are compared
 */
export function withoutOwn(diff: SchemaDiff, own: ReadonlySet<string>, project: RuleSource): SchemaDiff {
  const other = project === diff.before ? diff.after : diff.before;
  const isOwn = (coordinate: string): boolean =>
    own.has(coordinate) &&
    elementAt(project.schema, coordinate) !== undefined &&
    elementAt(other.schema, coordinate) === undefined;
  const isLeftOut = ({ coordinate, opens }: Change): boolean => isOwn(coordinate) && opens.every(isOwn);
  return { ...diff, changes: diff.changes.filter((change) => !isLeftOut(change)) };
}
