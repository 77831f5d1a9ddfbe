import { type DeniedElement, reasonText, requestFor, type Request } from '../answers/denials.ts';
import { pathText } from '../answers/path.ts';

/** How many denials are shown before the list is opened. */
const shownAtOnce = 5;

/** Lists the denials of one answer, and offers the sign-in that would lift them. */
export function DenialList({
  denials,
  onRequest,
}: {
  readonly denials: readonly DeniedElement[];
  /** Null: this caller cannot sign in again. */
  readonly onRequest: ((request: Request) => void) | null;
}) {
  if (denials.length === 0) return null;
  const request = requestFor(denials);
  const isRefused = denials.some(({ position }) => position === null || position.length === 0);
  return (
    <div className="denials">
      <p className="denials-title">
        <span aria-hidden="true">⊘ </span>
        {isRefused
          ? 'The operation was refused.'
          : `${denials.length} ${denials.length === 1 ? 'field was' : 'fields were'} denied.`}
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
      {request && onRequest && (
        <button type="button" className="run-button" onClick={() => onRequest(request)}>
          {requestText(request)}
        </button>
      )}
    </div>
  );
}

function requestText({ scopes, maxAge, acr }: Request): string {
  if (scopes.length > 0) return `Sign in with ${scopes.join(', ')}`;
  return maxAge !== null || acr.length > 0 ? 'Sign in again' : 'Sign in';
}
