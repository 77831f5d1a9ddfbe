import { useMemo } from 'react';
import { scopesInWords } from '../../callers/words.ts';
import { useServices } from '../../services.ts';
import { isNotTrusted, notTrustedAdvice } from '../../trusted/words.ts';
import { denialsOf } from '../answers/denials.ts';
import type { Comparison } from '../answers/differences.ts';
import { marksOf } from '../answers/marks.ts';
import { isObject } from '../answers/path.ts';
import type { Column } from '../runs.ts';
import { AnswerLines } from './answer-lines.tsx';
import { DenialList, type Lift } from './denial-list.tsx';

/** Puts the data in front. The list of denials has the errors in short. */
function dataFirst(result: unknown): unknown {
  if (!isObject(result) || !Object.hasOwn(result, 'data')) return result;
  return { data: result['data'], ...result };
}

/** The answer of one caller: its status, its denials, and its content. */
export function AnswerColumn({
  column: { callerId, label, answer },
  index,
  comparison,
  current,
  lift,
}: {
  readonly column: Column;
  readonly index: number;
  readonly comparison: Comparison | null;
  readonly current: number | null;
  readonly lift: Lift | null;
}) {
  const { callers, settings } = useServices();
  const caller = callers.list().find(({ id }) => id === callerId);
  const result = answer?.result;
  const shown = useMemo(() => dataFirst(result), [result]);
  const marks = useMemo(() => marksOf(result, comparison, index), [result, comparison, index]);
  const denials = useMemo(() => denialsOf(result), [result]);
  return (
    <section className="answer" aria-label={`Answer of ${label}`}>
      <header>
        <h3 className="text-of-others">{label}</h3>
        <span className="quiet">
          {answer
            ? `${answer.status === null ? 'no answer' : `HTTP ${answer.status}`} · ${Math.round(answer.durationMs)} ms${answer.wasRepeated ? ' · token renewed' : ''}`
            : 'running …'}
          {caller && scopesInWords(caller) !== '' && ` · ${scopesInWords(caller)}`}
        </span>
      </header>
      {answer?.failure && (
        <p className="run-failure">
          <strong>{answer.failure.message}</strong> {answer.failure.advice}
        </p>
      )}
      {settings.trusted && isNotTrusted(result) && (
        <p className="run-failure">
          <strong>This is not a trusted document.</strong> {notTrustedAdvice(settings.trusted)}
        </p>
      )}
      {answer?.requestId && (answer.failure || answer.status === null || answer.status >= 500) && (
        <p className="quiet">
          Request ID <code>{answer.requestId}</code>
        </p>
      )}
      <DenialList denials={denials} lift={lift} />
      {result !== undefined && <AnswerLines value={shown} label={`JSON of ${label}`} marks={marks} current={current} />}
    </section>
  );
}
