import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useCallerList, useChoice } from '../callers/use-callers.ts';
import { useServices } from '../services.ts';
import { remedyFor } from '../needs/remedy.ts';
import { missingOf } from './answers/denials.ts';
import { Answers } from './parts/answers.tsx';
import type { Lift } from './parts/denial-list.tsx';
import { QuestionDialog } from './parts/question-dialog.tsx';
import { StreamView } from './parts/stream-view.tsx';
import { useLinks } from './page/use-links.ts';
import { useEscapeFromEditors } from './page/use-escape.ts';
import { useSchemaOfCallers } from './page/use-schema.ts';
import { useTabSemantics } from './page/use-tab-semantics.ts';
import { type InEditor, mayRunAgain } from './send/run-again.ts';

/** The area of the answers: the faults of the page, and the answers of the last run of the tab. */
export function ResultArea() {
  const { needs, runs, selection, settings } = useServices();
  const { tabs, activeTabIndex, fetchError, isIntrospecting, queryEditor, operationName } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'fetchError', 'isIntrospecting', 'queryEditor', 'operationName'),
  );
  const actions = useGraphiQLActions();
  const list = useCallerList();
  const { runsAs, mode } = useChoice();
  const { byTab, question } = useSyncExternalStore(runs.subscribe, runs.state);
  const [fault, setFault] = useState<string | null>(null);
  const tab = tabs[activeTabIndex]?.id ?? '';
  useEffect(() => runs.setTab(tab), [runs, tab]);
  useEscapeFromEditors();
  useLinks(setFault);
  useTabSemantics(tabs, activeTabIndex);
  useSchemaOfCallers(runsAs[0]?.id);
  const run = byTab.get(tab);
  /** What the page would run, at the moment of the call and not at the moment of the last drawing. */
  const inEditor = useRef((): InEditor => ({ tab: '', document: '', operationName: null }));
  useEffect(() => {
    inEditor.current = () => ({ tab, document: queryEditor?.getValue() ?? '', operationName });
  }, [tab, queryEditor, operationName]);

  /** Finds what a caller lacked for an answer, and signs in for it. The operation then runs again if `mayRunAgain` allows. */
  function liftOf(callerId: string): Lift | null {
    const caller = list.find(({ id }) => id === callerId);
    if (!caller) return null;
    return {
      remedy: (denials) =>
        remedyFor(missingOf(denials), caller, {
          canSignIn: settings.signIn !== null,
          offered: settings.scopes.map(({ name }) => name),
          attempts: needs.signIn.attemptsOf(callerId),
        }),
      async signIn(remedy, choice) {
        setFault(null);
        const signedIn = await needs.signIn.signIn(caller, remedy, choice);
        if (!signedIn) {
          setFault(needs.signIn.state().fault);
          return;
        }
        if (mode === 'one') selection.runAs(signedIn.id);
        else if (signedIn.id !== callerId) replaceCompared(callerId, signedIn.id);
        if (run && mayRunAgain({ tab, operation: run.operation }, inEditor.current())) actions.run();
      },
    };
  }

  function replaceCompared(old: string, id: string): void {
    if (selection.get().compared.includes(old)) selection.toggle(old);
    if (!selection.get().compared.includes(id)) selection.toggle(id);
  }

  return (
    <div className="result-area" id="answers" tabIndex={-1} data-side-by-side={(run?.columns.length ?? 0) > 1}>
      {fault !== null && (
        <p className="run-failure" role="alert">
          {fault}
        </p>
      )}
      {fetchError && !isIntrospecting && (
        <p className="run-failure">
          <strong>The schema was not read.</strong> Completion and documentation are missing.{' '}
          <SchemaFault text={fetchError} />
        </p>
      )}
      {run === undefined && <p className="quiet empty">The answers appear here. Run the operation with Ctrl+Enter.</p>}
      {run?.stream && (
        <StreamView
          stream={run.stream}
          onPause={(isPaused) => runs.pause(tab, isPaused)}
          onStop={() => actions.stop()}
          lift={liftOf(run.stream.callerId)}
        />
      )}
      {run && !run.stream && <Answers run={run} liftOf={liftOf} />}
      {question && <QuestionDialog question={question} />}
    </div>
  );
}

/** Shows the sentence of the error with which the schema was not read. GraphiQL stores it as JSON. */
function SchemaFault({ text }: { readonly text: string }) {
  const [, message] = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
  return (
    <span className="text-of-others">{message === undefined ? text.slice(0, 500) : String(JSON.parse(message))}</span>
  );
}
