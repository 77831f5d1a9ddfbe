import { useState } from 'react';
import { useServices } from '../services.ts';
import type { Caller } from '../session/caller.ts';
import type { SignInControl } from './use-sign-in.ts';
import { claimsInWords, stateInWords } from './words.ts';

/** One caller in the panel: its label, state, scopes and claims, and its actions. */
export function CallerCard(props: {
  readonly caller: Caller;
  readonly now: number;
  readonly signIn: SignInControl;
  readonly whenRemoved: () => void;
}) {
  const { caller, now, signIn, whenRemoved } = props;
  const { id, label, kind, scopes, claims, state, reason } = caller;
  const title = `caller-${id}`;
  return (
    <li className="callers-card" aria-labelledby={title}>
      <h3 id={title}>{label}</h3>
      <p className="quiet">
        {kind === 'signed-in' ? 'Signed in here, ' : kind === 'pasted' ? 'A pasted token, ' : ''}
        {stateInWords(caller, now)}
      </p>
      {reason !== null && <p className={state === 'ended' ? 'callers-problem' : 'quiet'}>{reason}</p>}
      {kind !== 'anonymous' && (
        <>
          <p>
            {scopes.length === 0 ? (
              <span className="quiet">No scopes are known.</span>
            ) : (
              <>
                Scopes: <code>{scopes.join(' ')}</code>
              </>
            )}
          </p>
          <details>
            <summary>Claims of the token</summary>
            <p className="quiet">
              {claims
                ? 'Decoded for display. This page does not verify them; the server does.'
                : 'This token is not a JWT. Only the server can read it.'}
            </p>
            {claims && <pre tabIndex={0}>{claimsInWords(claims)}</pre>}
          </details>
          <CardActions caller={caller} signIn={signIn} whenRemoved={whenRemoved} />
        </>
      )}
    </li>
  );
}

function CardActions(props: {
  readonly caller: Caller;
  readonly signIn: SignInControl;
  readonly whenRemoved: () => void;
}) {
  const { caller, signIn, whenRemoved } = props;
  const { settings, callers } = useServices();
  const { id, label, kind, state, scopes } = caller;
  const [isNaming, setNaming] = useState(false);
  const isSignedIn = kind === 'signed-in';
  function signOut(endSession: boolean): void {
    signIn.attempt(() => callers.signOut(id, { endSession }));
    whenRemoved();
  }
  function remove(): void {
    callers.remove(id);
    whenRemoved();
  }
  return (
    <div className="callers-actions">
      {isSignedIn && state === 'ended' && (
        <button type="button" onClick={() => signIn.begin({ scopes, replaces: id })}>
          Sign in again
        </button>
      )}
      {isSignedIn && state !== 'ended' && (
        <>
          <button type="button" className="second" onClick={() => signIn.attempt(() => callers.renew(id))}>
            Renew now
          </button>
          <button type="button" className="second" onClick={() => signOut(false)}>
            Sign out
          </button>
          {settings.signIn?.kind === 'own' && (
            <button type="button" className="second" onClick={() => signOut(true)}>
              Sign out of this browser too
            </button>
          )}
        </>
      )}
      {isNaming ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const name = new FormData(event.currentTarget).get('label');
            if (typeof name === 'string') callers.rename(id, name);
            setNaming(false);
          }}
        >
          <label>
            New name <input name="label" defaultValue={label} maxLength={80} autoComplete="off" autoFocus />
          </label>{' '}
          <button type="submit">Rename</button>
        </form>
      ) : (
        <button type="button" className="second" onClick={() => setNaming(true)}>
          Rename
        </button>
      )}
      <button type="button" className="second" onClick={remove} aria-label={`Remove ${label}`}>
        Remove
      </button>
    </div>
  );
}
