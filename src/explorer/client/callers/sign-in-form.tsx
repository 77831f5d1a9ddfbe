import { type SubmitEvent, useRef } from 'react';
import { useServices } from '../services.ts';
import type { SignInControl } from './use-sign-in.ts';

/** The form that adds a caller by a sign-in: of the same or another person, with all or fewer scopes. */
export function SignInForm({ signIn, isDisabled }: { readonly signIn: SignInControl; readonly isDisabled: boolean }) {
  const { settings } = useServices();
  const isForeign = settings.signIn?.kind === 'connection';
  const form = useRef<HTMLFormElement>(null);
  function checkScopes(isChecked: boolean): void {
    for (const box of form.current?.querySelectorAll<HTMLInputElement>('[name="scope"]') ?? []) box.checked = isChecked;
  }
  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const scopes = fields.getAll('scope').filter((scope) => typeof scope === 'string');
    signIn.begin({ ...(!isForeign && { scopes }), as: fields.get('as') === 'new-person' ? 'new-person' : 'same' });
  }
  return (
    <form className="callers-form" onSubmit={submit} ref={form}>
      <h3>Sign in another caller</h3>
      <fieldset>
        <legend>Who</legend>
        <label>
          <input type="radio" name="as" value="new-person" defaultChecked /> Another person
        </label>
        <label>
          <input type="radio" name="as" value="same" /> The same person, as signed in here
        </label>
      </fieldset>
      <fieldset hidden={isForeign}>
        <legend>Scopes</legend>
        <div className="callers-actions">
          <button type="button" className="second" onClick={() => checkScopes(true)}>
            All scopes
          </button>
          <button type="button" className="second" onClick={() => checkScopes(false)}>
            No scopes
          </button>
        </div>
        {settings.scopes.map(({ name, description }) => (
          <label key={name}>
            <input type="checkbox" name="scope" value={name} defaultChecked /> <code>{name}</code>{' '}
            <span className="quiet">{description}</span>
          </label>
        ))}
      </fieldset>
      <button type="submit" disabled={isDisabled}>
        Sign in
      </button>
    </form>
  );
}
