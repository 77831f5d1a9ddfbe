import { useEffect, useRef } from 'react';
import { useServices } from '../services.ts';
import { maxCallers } from '../session/caller.ts';
import { CallerCard } from './caller-card.tsx';
import { PasteForm } from './paste-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { useCallerList, useNow } from './use-callers.ts';
import type { SignInControl } from './use-sign-in.ts';

/** The panel below the bar: each caller with its actions, and the forms that add a caller. */
export function CallersPanel(props: {
  readonly id: string;
  readonly signIn: SignInControl;
  readonly close: () => void;
}) {
  const { id, signIn, close } = props;
  const { settings } = useServices();
  const list = useCallerList();
  const now = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const isFull = list.length >= maxCallers;
  return (
    <section id={id} className="callers-panel" aria-labelledby={`${id}-title`}>
      <div className="callers-panel-head">
        <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>
          Callers
        </h2>
        <button type="button" className="second" onClick={close}>
          Close
        </button>
      </div>
      <p className="quiet">
        Tokens are only in the memory of this page. {list.length} of at most {maxCallers} callers.
      </p>
      <ul>
        {list.map((caller) => (
          <CallerCard
            key={caller.id}
            caller={caller}
            now={now}
            signIn={signIn}
            // Otherwise the focus would be lost with the button that had it.
            whenRemoved={() => heading.current?.focus()}
          />
        ))}
      </ul>
      {isFull && <p className="callers-problem">Remove a caller before you add another one.</p>}
      {settings.signIn ? (
        <SignInForm signIn={signIn} isDisabled={isFull} />
      ) : (
        <p className="quiet">{settings.signInFault ?? 'The explorer cannot sign in at this server.'}</p>
      )}
      <PasteForm signIn={signIn} isDisabled={isFull} />
      {settings.audit && (
        <p className="quiet">
          <a href="/explorer/activity">Activity</a> shows denials, sign-ins and tokens to administrators.
        </p>
      )}
    </section>
  );
}
