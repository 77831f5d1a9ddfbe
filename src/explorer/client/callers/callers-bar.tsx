import './callers.css';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useServices } from '../services.ts';
import { CallerChoice, CompareSwitch } from './caller-choice.tsx';
import { CallersPanel } from './callers-panel.tsx';
import { OpenSignIn } from './open-sign-in.tsx';
import { useSignIn } from './use-sign-in.ts';
import { useAnnouncement, useCallerList } from './use-callers.ts';

/** The bar on top of the page: its name, the callers of the next operation, and the panel of callers. */
export function CallersBar() {
  const { settings, callers, selection } = useServices();
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const signIn = useSignIn();
  const announcement = useAnnouncement();
  const list = useCallerList();
  const isSignedIn = list.some(({ kind }) => kind === 'signed-in');
  const mayAudit = settings.audit !== undefined && list.some(({ scopes }) => scopes.includes('audit'));

  useEffect(() => {
    let isGone = false;
    callers.signInSilently().then(
      (caller) => !isGone && caller && selection.runAs(caller.id),
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [callers, selection]);

  function close(): void {
    setOpen(false);
    opener.current?.focus();
  }
  function closeOnEscape(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) close();
  }

  return (
    <header className="callers-bar" onKeyDown={closeOnEscape}>
      <h1>{settings.productName}</h1>
      <span className="quiet callers-host">{new URL(settings.publicUrl).host}</span>
      <CallerChoice />
      <div className="callers-actions">
        {mayAudit && <a href="/explorer/activity">Activity</a>}
        <CompareSwitch />
        {!isSignedIn && settings.signIn && (
          <button type="button" onClick={() => signIn.begin({})}>
            Sign in
          </button>
        )}
        <button
          type="button"
          className="second"
          ref={opener}
          aria-expanded={isOpen}
          aria-controls={panelId}
          onClick={() => setOpen(!isOpen)}
        >
          Callers
        </button>
      </div>
      {location.origin !== new URL(settings.publicUrl).origin && (
        <p className="callers-problem" role="alert">
          Sign-in works only at the public address of this server:{' '}
          <a href={`${settings.publicUrl}/explorer`}>open this page there.</a>
        </p>
      )}
      <OpenSignIn />
      {signIn.problem !== null && (
        <p className="callers-problem" role="alert">
          {signIn.problem}{' '}
          <button type="button" className="second" onClick={signIn.forgetProblem}>
            Dismiss
          </button>
        </p>
      )}
      <p role="status" className="callers-unseen">
        {announcement}
      </p>
      {isOpen && <CallersPanel id={panelId} signIn={signIn} close={close} />}
    </header>
  );
}
