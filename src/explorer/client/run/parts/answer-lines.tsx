import { memo, useState } from 'react';
import { reasonText } from '../answers/denials.ts';
import { type Line, linesOf } from '../answers/lines.ts';
import type { Marks } from '../answers/marks.ts';
import { pathKey } from '../answers/path.ts';

const firstLines = 1_000;
const moreLines = 10_000;

/**
 * Shows an answer as indented JSON. Each line of a difference begins with ≠, and each denied null is followed by its
 * reason, so that the marks are readable without colour.
 */
export const AnswerLines = memo(function AnswerLines({
  value,
  label,
  marks,
  current,
  limit: first = firstLines,
}: {
  readonly value: unknown;
  readonly label: string;
  readonly marks: Marks;
  /** The number of the difference to which the person has jumped. */
  readonly current: number | null;
  readonly limit?: number;
}) {
  const [limit, setLimit] = useState(first);
  const { lines, isCut } = linesOf(value, { limit });
  /** The depth of the difference around the present line. */
  let around: number | null = null;
  return (
    <>
      <section className="answer-lines" aria-label={label} tabIndex={0}>
        {lines.map((line, index) => {
          const own = line.kind === 'end' ? undefined : marks.differences.get(pathKey(line.path));
          const isWithin = around !== null;
          if (own?.isWhole && line.kind === 'begin' && !isWithin) around = line.depth;
          else if (around !== null && line.kind === 'end' && line.depth === around) around = null;
          return (
            <AnswerLine
              key={index}
              line={line}
              marks={marks}
              difference={own?.number ?? null}
              isWithin={isWithin}
              isCurrent={own !== undefined && own.number === current}
            />
          );
        })}
      </section>
      {isCut && (
        <button type="button" className="run-button" onClick={() => setLimit(limit + moreLines)}>
          Show up to {moreLines.toLocaleString('en')} more lines
        </button>
      )}
    </>
  );
});

function AnswerLine({
  line: { depth, key, text, kind, isLast, path },
  marks,
  difference,
  isWithin,
  isCurrent,
}: {
  readonly line: Line;
  readonly marks: Marks;
  readonly difference: number | null;
  /** Whether the line is inside of a difference that begins on a line before. */
  readonly isWithin: boolean;
  readonly isCurrent: boolean;
}) {
  const denials = kind === 'null' ? marks.denials.get(pathKey(path)) : undefined;
  const classes = [
    'answer-line',
    (difference !== null || isWithin) && 'differs',
    isCurrent && 'current',
    denials && 'denied',
  ];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      style={{ paddingInlineStart: `${Math.min(depth, 40) * 1.1 + 1.6}em` }}
      {...(difference !== null && { 'data-difference': difference, tabIndex: -1 })}
    >
      {difference !== null && (
        <span className="answer-sign">
          <span aria-hidden="true">≠</span>
          <span className="visually-hidden">differs: </span>
        </span>
      )}
      {key !== null && <span className="json-key">{key}</span>}
      {key !== null && ': '}
      <span className={`json-${kind}`}>{text}</span>
      {!isLast && kind !== 'begin' && ','}
      {denials?.map((denial, index) => (
        <span key={index} className="answer-denial">
          <span aria-hidden="true">⊘ </span>
          <span className="visually-hidden">denied: </span>
          {reasonText(denial)}
        </span>
      ))}
    </div>
  );
}
