import { pick, useGraphiQL } from '@graphiql/react';
import { useCallback, useMemo } from 'react';
import { useServices } from '../../services.ts';
import { onlyTrusted } from '../../trusted/words.ts';
import type { Caller } from '../../session/caller.ts';
import type { CallerNeeds, Needs } from '../asking/needs-loop.ts';
import { faultSentence } from '../asking/question.ts';
import type { ExplainedElement, Explanation } from '../explanation.ts';
import { useChoice } from '../../callers/use-callers.ts';
import { useNeeds, useSentence } from '../hooks.ts';
import { createPlaces } from '../marks/places.ts';
import { leastScopesSentence, outcomeSign, scopeSet } from '../words.ts';
import { type ElementRow, Elements } from './elements.tsx';
import { RemedyForm } from './remedy-form.tsx';

/** The pane "What it needs": the outcome, the least scopes, the sign-in for what is missing, and each guarded element. */
export function NeedsPane() {
  const { settings, callers } = useServices();
  const { runsAs } = useChoice();
  const needs = useNeeds();
  const { answers, isOfOthers } = useMemo(() => {
    const ofChosen = withCallers(needs, runsAs);
    // Until the answer for a newly chosen caller is here, the answer for the last one stays, greyed.
    if (ofChosen.length > 0) return { answers: ofChosen, isOfOthers: false };
    return { answers: withCallers(needs, callers.list()), isOfOthers: true };
  }, [needs, runsAs, callers]);
  const [first] = answers;
  return (
    <section className="needs" aria-labelledby="needs-title">
      <h2 id="needs-title">What it needs</h2>
      {settings.trusted?.only && <p className="needs-quiet">These are the rules. {onlyTrusted}</p>}
      {settings.introspection !== 'open' && answers.length === 0 && <ClosedSchema mode={settings.introspection} />}
      {needs.problem && <p className={`needs-problem needs-problem-${needs.problem.kind}`}>{needs.problem.reason}</p>}
      {first && (
        <div className={needs.problem || isOfOthers ? 'needs-last needs-stale' : 'needs-last'} aria-busy={isOfOthers}>
          {needs.problem && <p className="needs-quiet">The last operation that could be explained:</p>}
          {answers.map(({ caller, explanation }) => (
            <Outcome
              key={caller.id}
              caller={caller}
              explanation={explanation}
              isAlone={answers.length === 1 && !isOfOthers}
            />
          ))}
          <LeastScopes explanation={first.explanation} />
          <ElementList needs={needs} answers={answers} />
        </div>
      )}
    </section>
  );
}

type Answer = CallerNeeds & { readonly caller: Caller };

function withCallers({ answers }: Needs, callers: readonly Caller[]): readonly Answer[] {
  return callers.flatMap((caller) => {
    const answer = answers.find(({ callerId }) => callerId === caller.id);
    return answer ? [{ ...answer, caller }] : [];
  });
}

function ClosedSchema({ mode }: { readonly mode: 'authenticated' | 'off' }) {
  return (
    <p className="needs-problem">
      {mode === 'off'
        ? 'This server does not show its schema (introspection is off), so it does not explain operations either.'
        : 'This server shows its schema to callers with a token only. Sign in to see what an operation needs.'}
    </p>
  );
}

function Outcome({
  caller,
  explanation,
  isAlone,
}: {
  readonly caller: Caller;
  readonly explanation: Explanation;
  readonly isAlone: boolean;
}) {
  const sentenceOf = useSentence();
  return (
    <div className="needs-outcome" data-outcome={explanation.outcome}>
      <p>
        <span aria-hidden="true">{outcomeSign(explanation)}</span>{' '}
        {!isAlone && <span className="needs-label">{caller.label}: </span>}
        <strong>{sentenceOf(explanation)}</strong>
      </p>
      {explanation.faults.map((fault) => (
        <p key={faultSentence(fault)} className="needs-reason">
          {faultSentence(fault)}
        </p>
      ))}
      <RemedyForm missing={explanation.missing} caller={caller} />
    </div>
  );
}

function LeastScopes({ explanation }: { readonly explanation: Explanation }) {
  const sentence = leastScopesSentence(explanation);
  const sets = explanation.leastScopes.filter((scopes) => scopes.length > 0);
  const isNeeded = sets.length > 0 && sets.length === explanation.leastScopes.length;
  return (
    <div className="needs-least">
      <p>{sentence}</p>
      {isNeeded && (
        <ul>
          {sets.map((scopes) => (
            <li key={scopes.join(' ')}>
              <code>{scopeSet(scopes)}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function ElementList({ needs: { document }, answers }: { readonly needs: Needs; readonly answers: readonly Answer[] }) {
  const { queryEditor, schema } = useGraphiQL(pick('queryEditor', 'schema'));
  const rows = useMemo(() => rowsOf(answers), [answers]);
  const placesOf = useMemo(() => createPlaces(document, schema ?? null), [document, schema]);
  const jump = useCallback(
    (element: ExplainedElement) => {
      const [place] = placesOf(element);
      if (!queryEditor || !place) return;
      const { line, column, endColumn } = place;
      queryEditor.setSelection({
        startLineNumber: line,
        startColumn: column,
        endLineNumber: line,
        endColumn,
      });
      queryEditor.revealLineInCenterIfOutsideViewport(line);
      queryEditor.focus();
    },
    [queryEditor, placesOf],
  );
  if (rows.length === 0) return null;
  return (
    <Elements rows={rows} isCapped={answers.some(({ explanation }) => explanation.elementsCapped)} onJump={jump} />
  );
}

function rowsOf(answers: readonly Answer[]): readonly ElementRow[] {
  const keyOf = ({ coordinate, line, column, path }: ExplainedElement): string =>
    `${line}:${column} ${coordinate} ${path.join('.')}`;
  const byKey = answers.map(({ caller, explanation }) => ({
    label: caller.label,
    elements: new Map(explanation.elements.map((element) => [keyOf(element), element])),
  }));
  return [...(byKey[0]?.elements ?? [])].map(([key, element]) => ({
    key,
    element,
    others:
      byKey.length < 2
        ? []
        : byKey.flatMap(({ label, elements }) => {
            const decision = elements.get(key)?.decision;
            return decision ? [{ label, decision }] : [];
          }),
  }));
}
