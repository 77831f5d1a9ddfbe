import type { Remedy, RemedyChoice } from '../../needs/remedy.ts';
import { type DeniedElement, denialTitle, reasonText } from '../answers/denials.ts';
import { pathText } from '../answers/path.ts';

/** How many denials are shown before the list is opened. */
const shownAtOnce = 5;

/** How a caller gets what it lacks. */
export interface Lift {
  /** Finds the sign-ins that lift denials, as the pane of the needs does. */
  readonly remedy: (denials: readonly DeniedElement[]) => Remedy;
  readonly signIn: (remedy: Remedy, choice: RemedyChoice) => void;
}

/** Lists the denials of one answer, and offers the sign-in that would lift them. */
export function DenialList({
  denials,
  lift,
}: {
  readonly denials: readonly DeniedElement[];
  /** Null: the caller was removed. */
  readonly lift: Lift | null;
}) {
  if (denials.length === 0) return null;
  const remedy = lift?.remedy(denials);
  const choice = remedy?.choices[0];
  return (
    <div className="denials">
      <p className="denials-title">
        <span aria-hidden="true">⊘ </span>
        {denialTitle(denials)}
      </p>
      <ul>
        {denials.slice(0, shownAtOnce).map((denial, index) => (
          <li key={index} title={denial.message}>
            <code>{denial.coordinate ?? (denial.path ? pathText(denial.path) : 'the operation')}</code>{' '}
            {reasonText(denial)}
            {denial.path && denial.position && (
              <span className="quiet">
                {' '}
                at {pathText(denial.path)}
                {denial.alike.length > 0 &&
                  ` and ${denial.alike.length} more ${denial.alike.length === 1 ? 'item' : 'items'}`}
              </span>
            )}
          </li>
        ))}
      </ul>
      {denials.length > shownAtOnce && (
        <p className="quiet">and {denials.length - shownAtOnce} more, in the errors below</p>
      )}
      {lift && remedy && choice && (
        <button type="button" className="run-button" onClick={() => lift.signIn(remedy, choice)}>
          {choice.words}
        </button>
      )}
      {remedy?.reasons.map((reason) => (
        <p key={reason} className="quiet">
          {reason}
        </p>
      ))}
    </div>
  );
}
