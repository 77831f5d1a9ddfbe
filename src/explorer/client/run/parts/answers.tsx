import { useEffect, useMemo, useRef, useState } from 'react';
import { type Comparison, summaryOf } from '../answers/differences.ts';
import { compareRun } from '../answers/marks.ts';
import { isObject, own, pathText } from '../answers/path.ts';
import type { Run } from '../runs.ts';
import { AnswerColumn } from './answer-column.tsx';
import type { Lift } from './denial-list.tsx';

/** The answers of one run, side by side, with their differences. */
export function Answers({
  run,
  liftOf,
}: {
  readonly run: Run;
  /** Returns how a caller gets what it lacks. Null: the caller was removed. */
  readonly liftOf: (callerId: string) => Lift | null;
}) {
  const { columns } = run;
  const comparison = useMemo(() => compareRun(columns.map(({ answer }) => answer)), [columns]);
  const [current, setCurrent] = useState<number | null>(null);
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => setCurrent(null), [run.number]);
  const count = comparison?.differences.length ?? 0;

  function jump(step: number): void {
    if (count === 0) return;
    const next = current === null ? (step > 0 ? 0 : count - 1) : (current + step + count) % count;
    setCurrent(next);
    const lines = [...(area.current?.querySelectorAll<HTMLElement>(`[data-difference="${next}"]`) ?? [])];
    for (const line of lines) line.scrollIntoView({ block: 'nearest' });
    lines[0]?.focus({ preventScroll: true });
  }

  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (!event.altKey || event.ctrlKey || event.metaKey || (event.code !== 'KeyN' && event.code !== 'KeyP')) return;
      event.preventDefault();
      jump(event.code === 'KeyN' ? 1 : -1);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  return (
    <div ref={area}>
      {columns.length > 1 && (
        <div className="comparison">
          <p role="status">{summary(run, comparison)}</p>
          {count > 0 && (
            <>
              <button type="button" className="run-button" onClick={() => jump(-1)} aria-keyshortcuts="Alt+P">
                Previous
              </button>
              <button type="button" className="run-button" onClick={() => jump(1)} aria-keyshortcuts="Alt+N">
                Next difference
              </button>
              {current !== null && comparison && (
                <span className="quiet">
                  {current + 1} of {count}: <code>{positionText(comparison, current)}</code>
                </span>
              )}
            </>
          )}
        </div>
      )}
      <div className="answers" data-columns={columns.length}>
        {columns.map((column, index) => (
          <AnswerColumn
            key={column.callerId}
            column={column}
            index={index}
            comparison={comparison}
            current={current}
            lift={liftOf(column.callerId)}
          />
        ))}
      </div>
    </div>
  );
}

function positionText({ differences }: Comparison, number: number): string {
  return pathText(differences[number]?.paths.find((path) => path !== null) ?? []);
}

function summary({ columns }: Run, comparison: Comparison | null): string {
  if (columns.some(({ answer }) => answer === null)) return 'Running …';
  const missing = columns.filter(({ answer }) => answer?.failure).length;
  if (comparison) {
    const refused = columns.filter(({ answer }) => !isObject(own(answer?.result, 'data'))).length;
    const prefix = refused === 0 ? '' : `${refused} of ${columns.length} callers got no data. `;
    return `${comparison.differing === 0 ? '=' : '≠'} ${prefix}${summaryOf(comparison)}`;
  }
  return `${missing} of ${columns.length} callers got no GraphQL answer.`;
}
