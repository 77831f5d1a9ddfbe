import { type SubmitEvent, useId } from 'react';
import { useServices } from '../services.ts';
import type { SignInControl } from './use-sign-in.ts';

/** The form for a token that the person has. React does not control the field, so no attribute has the token. */
export function PasteForm({ signIn, isDisabled }: { readonly signIn: SignInControl; readonly isDisabled: boolean }) {
  const { callers, selection } = useServices();
  const note = useId();
  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const field = form.elements.namedItem('token');
    if (!(field instanceof HTMLTextAreaElement)) return;
    signIn.attempt(() => {
      const caller = callers.paste(field.value);
      form.reset();
      if (caller.state === 'ready' && selection.get().mode === 'one') selection.runAs(caller.id);
    });
  }
  return (
    <form className="callers-form" onSubmit={submit} autoComplete="off">
      <h3>Paste a token</h3>
      <label>
        Access token
        <textarea name="token" rows={2} spellCheck={false} autoComplete="off" aria-describedby={note} />
      </label>
      <p className="quiet" id={note}>
        Of any issuer. This page checks only its shape, keeps it in memory only, and cannot renew it.
      </p>
      <button type="submit" disabled={isDisabled}>
        Use this token
      </button>
    </form>
  );
}
