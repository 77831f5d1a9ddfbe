import { useEffect, useState } from 'react';
import { useServices } from '../services.ts';
import type { PendingSignIn } from '../session/caller.ts';
import { usePendingSignIn } from './use-callers.ts';

/** After this time, a page that still has the focus points to the link: perhaps there is no window. */
const blockedAfterMs = 1_500;

/** Shows the sign-in whose window is open, with a link for a browser that blocked the window. */
export function OpenSignIn() {
  const { callers } = useServices();
  const pending = usePendingSignIn();
  if (!pending) return null;
  return (
    <div className="callers-pending">
      <Waiting key={pending.url} pending={pending} />
      <button type="button" className="second" onClick={callers.cancel}>
        Cancel the sign-in
      </button>
    </div>
  );
}

function Waiting({ pending }: { readonly pending: PendingSignIn }) {
  const [seemsBlocked, setSeemsBlocked] = useState(false);
  useEffect(() => {
    // A window without an opener cannot be watched. A new window takes the focus.
    const timer = setTimeout(() => setSeemsBlocked(document.hasFocus()), blockedAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role={seemsBlocked ? 'alert' : 'status'}>
      {seemsBlocked
        ? 'Finish the sign-in in its window. If the browser blocked the window, or you closed it, '
        : 'The sign-in goes on in another window. If you see no other window, '}
      <a href={pending.url} target="_blank" rel="noopener noreferrer">
        open it here.
      </a>
    </p>
  );
}
