import { useEffect, useRef } from 'react';
import type { Question } from '../runs.ts';

/** Asks before several callers run a mutation, because each of them changes data. */
export function QuestionDialog({ question: { labels, isUnread, answer } }: { readonly question: Question }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="run-dialog" aria-labelledby="question-title" onCancel={() => answer(false)}>
      <h2 id="question-title">
        Run {isUnread ? 'this' : 'the mutation'} {labels.length} times?
      </h2>
      <p>
        {isUnread
          ? 'This page cannot read the operation, so it may change data. Each of these callers runs it:'
          : 'Each of these callers runs it, and each run changes data:'}
      </p>
      <ul>
        {labels.map((label, index) => (
          <li key={index} className="text-of-others">
            {label}
          </li>
        ))}
      </ul>
      <div className="run-actions">
        <button type="button" className="run-button" onClick={() => answer(false)}>
          Do not run
        </button>
        <button type="button" className="run-button main" onClick={() => answer(true)}>
          Run {labels.length} times
        </button>
      </div>
    </dialog>
  );
}
