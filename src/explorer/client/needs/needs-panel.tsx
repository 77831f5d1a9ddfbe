import { parseJSONC, pick, useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { useServices } from '../services.ts';
import { useChoice } from '../callers/use-callers.ts';
import { useNeeds, useSentence } from './hooks.ts';
import { useMarks } from './marks/use-marks.ts';
import { versionOf } from './needs.ts';
import { announcement } from './words.ts';
import './needs.css';

/** Watches the editors, and marks in them what the operation needs. Rendered once, inside GraphiQL's provider. */
export function NeedsPanel() {
  useQuestion();
  useMarks();
  return <Announcer />;
}

/** Gives the loop what the editors hold, after each change. */
function useQuestion(): void {
  const { needs } = useServices();
  const { runsAs } = useChoice();
  const { queryEditor, variableEditor, operationName, schema } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'operationName', 'schema'),
  );
  useEffect(() => needs.takeNames(schema), [needs, schema]);
  useEffect(() => {
    if (!queryEditor) return undefined;
    const ask = (): void =>
      needs.loop.ask({
        document: queryEditor.getValue(),
        operationName: operationName ?? null,
        variables: withoutComments(variableEditor?.getValue() ?? ''),
        callers: runsAs.map((caller) => ({ id: caller.id, version: versionOf(caller) })),
      });
    ask();
    const watches = [queryEditor.onDidChangeModelContent(ask), variableEditor?.onDidChangeModelContent(ask)];
    return () => {
      for (const watch of watches) watch?.dispose();
    };
  }, [needs, queryEditor, variableEditor, operationName, runsAs]);
  useEffect(() => {
    const { askAgain } = needs.loop;
    const online = (): void => askAgain();
    // A rule with `maxAge` can deny later, while nothing in the editor changes.
    const focused = (): void => askAgain(staleAfterMs);
    window.addEventListener('online', online);
    window.addEventListener('focus', focused);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('focus', focused);
      needs.loop.stop();
    };
  }, [needs]);
}

/** If the last request is older than this, the page asks again when the window gets the focus. */
const staleAfterMs = 60_000;

/** The variables editor may have comments. A text that cannot be read stays as it is. */
function withoutComments(text: string): string {
  if (text.trim() === '') return '';
  try {
    return JSON.stringify(parseJSONC(text) ?? {});
  } catch {
    return text;
  }
}

/** The time without a change before a screen reader says the needs. */
const restMs = 1_200;

/** Says the outcome to screen readers after it changed. */
function Announcer() {
  const { runsAs } = useChoice();
  const { answers, problem } = useNeeds();
  const sentenceOf = useSentence();
  const [said, setSaid] = useState('');
  const text = problem
    ? ''
    : runsAs
        .flatMap(({ id, label }) => {
          const answer = answers.find(({ callerId }) => callerId === id);
          if (!answer) return [];
          return [`${runsAs.length > 1 ? `${label}: ` : ''}${announcement(answer.explanation, sentenceOf)}`];
        })
        .join(' ');
  useEffect(() => {
    if (text === '') return undefined;
    const timer = setTimeout(() => setSaid(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p className="needs-announcer" role="status" aria-live="polite">
      {said}
    </p>
  );
}
