import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useChoice } from '../callers/use-callers.ts';
import { useServices } from '../services.ts';
import { onlyTrusted } from '../trusted/words.ts';
import { useNeeds, useSentence } from './hooks.ts';
import { needsPlugin } from './plugins.ts';
import { outcomeSign } from './words.ts';

/** Says in short what the pane "What it needs" shows, while the pane is closed. */
export function NeedsHint() {
  const { visiblePlugin } = useGraphiQL(pick('visiblePlugin'));
  const actions = useGraphiQLActions();
  const { runsAs } = useChoice();
  const { answers, problem } = useNeeds();
  const { settings } = useServices();
  const sentenceOf = useSentence();
  const shown = runsAs.flatMap(({ id, label }) => {
    const explanation = answers.find(({ callerId }) => callerId === id)?.explanation;
    return explanation ? [{ id, label, explanation }] : [];
  });
  if (problem || shown.length === 0 || visiblePlugin?.title === needsPlugin.title) return null;
  return (
    <div className="needs needs-hint">
      <ul>
        {shown.map(({ id, label, explanation }) => (
          <li key={id}>
            <span aria-hidden="true">{outcomeSign(explanation)}</span> {shown.length > 1 && `${label}: `}
            {sentenceOf(explanation)} {settings.trusted?.only && onlyTrusted}
          </li>
        ))}
      </ul>
      <button type="button" className="needs-plain" onClick={() => actions.setVisiblePlugin(needsPlugin)}>
        What it needs
      </button>
    </div>
  );
}
