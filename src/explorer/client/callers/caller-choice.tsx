import { useEffect, useRef } from 'react';
import { useServices } from '../services.ts';
import { maxCompared } from './selection.ts';
import { useCallerList, useChoice, useNow } from './use-callers.ts';
import { noteOfCaller } from './words.ts';

/** Chooses the callers of the next operation: one, or up to three side by side. */
export function CallerChoice() {
  const { selection } = useServices();
  const list = useCallerList();
  const choice = useChoice();
  const now = useNow();
  const isCompare = choice.mode === 'compare';
  const isFull = choice.compared.length >= maxCompared;
  const chips = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    // On a phone, the chips are in one line.
    chips.current?.querySelector(':checked')?.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [choice.active, choice.mode, list.length]);
  return (
    <fieldset className="callers-choice" ref={chips}>
      <legend>{isCompare ? `Compare (up to ${maxCompared})` : 'Run as'}</legend>
      {list.map((caller) => {
        const isChosen = isCompare ? choice.compared.includes(caller.id) : choice.active === caller.id;
        return (
          <label key={caller.id} className="callers-chip" data-state={caller.state} data-kind={caller.kind}>
            <input
              type={isCompare ? 'checkbox' : 'radio'}
              name="caller"
              checked={isChosen}
              disabled={isCompare && isFull && !isChosen}
              onChange={() => (isCompare ? selection.toggle(caller.id) : selection.runAs(caller.id))}
            />
            <span className="callers-label">{caller.label}</span>
            {caller.kind !== 'anonymous' && <span className="quiet"> {noteOfCaller(caller, now)}</span>}
          </label>
        );
      })}
    </fieldset>
  );
}

/** Switches between one caller and several side by side. */
export function CompareSwitch() {
  const { selection } = useServices();
  const { mode } = useChoice();
  if (useCallerList().length < 2 && mode === 'one') return null;
  return (
    <label className="callers-chip">
      <input
        type="checkbox"
        checked={mode === 'compare'}
        onChange={(event) => selection.compare(event.target.checked)}
      />
      Side by side
    </label>
  );
}
