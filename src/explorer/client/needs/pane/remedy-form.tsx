import { useId, useState } from 'react';
import { useServices } from '../../services.ts';
import type { Caller } from '../../session/caller.ts';
import type { MissingEvidence } from '../explanation.ts';
import { useSignInState } from '../hooks.ts';
import { type RemedyChoice, remedyFor } from '../remedy.ts';
import { scopeSet } from '../words.ts';

/** The button that signs in for just what is missing, or why no sign-in helps. */
export function RemedyForm({ missing, caller }: { readonly missing: MissingEvidence | null; readonly caller: Caller }) {
  const { settings, needs } = useServices();
  const { isOpen, fault } = useSignInState();
  const remedy = remedyFor(missing, caller, {
    canSignIn: settings.signIn !== null,
    offered: settings.scopes.map(({ name }) => name),
    attempts: needs.signIn.attemptsOf(caller.id),
  });
  const [wanted, setWanted] = useState('');
  const scopesId = useId();
  const choice = remedy.choices.find((one) => keyOf(one) === wanted) ?? remedy.choices[0];
  return (
    <div className="needs-remedy">
      {choice && (
        <>
          {remedy.choices.length > 1 && <Choices choices={remedy.choices} chosen={choice} onChoose={setWanted} />}
          <button
            type="button"
            className="needs-sign-in"
            disabled={isOpen}
            aria-describedby={scopesId}
            onClick={() => void needs.signIn.signIn(caller, remedy, choice)}
          >
            {isOpen ? 'Waiting for the sign-in window…' : choice.words}
          </button>
          <ScopeDescriptions id={scopesId} names={choice.added} />
        </>
      )}
      {remedy.reasons.map((reason) => (
        <p key={reason} className="needs-reason">
          {reason}
        </p>
      ))}
      {fault !== null && (
        <p className="needs-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

const keyOf = ({ added }: RemedyChoice): string => added.join(' ');

function Choices({
  choices,
  chosen,
  onChoose,
}: {
  readonly choices: readonly RemedyChoice[];
  readonly chosen: RemedyChoice;
  readonly onChoose: (key: string) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend>One of these is enough</legend>
      {choices.map((choice) => (
        <label key={keyOf(choice)}>
          <input type="radio" name={name} checked={choice === chosen} onChange={() => onChoose(keyOf(choice))} />{' '}
          {choice.added.length === 0 ? 'only a new sign-in' : scopeSet(choice.added)}
        </label>
      ))}
    </fieldset>
  );
}

function ScopeDescriptions({ id, names }: { readonly id: string; readonly names: readonly string[] }) {
  const { settings } = useServices();
  const known = settings.scopes.filter(({ name }) => names.includes(name));
  return (
    <ul id={id} className="needs-scopes">
      {known.map(({ name, description }) => (
        <li key={name}>
          <code>{name}</code> {description}
        </li>
      ))}
    </ul>
  );
}
