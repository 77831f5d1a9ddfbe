import { memo, useState } from 'react';
import type { ExplainedElement, RuleDecision } from '../explanation.ts';
import { strictest } from '../marks/marks.ts';
import { decisionWords, missingOfRule, ruleSentence } from '../words.ts';
import { WordsOfRule } from './words-of-rule.tsx';

/** One element, with the decision for each caller that the operation runs as. */
export interface ElementRow {
  readonly key: string;
  readonly element: ExplainedElement;
  /** The label of each compared caller, and its decision. Empty: there is one caller. */
  readonly others: readonly { readonly label: string; readonly decision: RuleDecision }[];
}

/** The number of elements that are drawn at first. */
const firstRows = 100;

/** The list of guarded elements. A click or Enter on one puts the cursor at its place in the editor. */
export function Elements({
  rows,
  isCapped,
  onJump,
}: {
  readonly rows: readonly ElementRow[];
  readonly isCapped: boolean;
  readonly onJump: (element: ExplainedElement) => void;
}) {
  const [isLong, setLong] = useState(false);
  const shown = isLong ? rows : rows.slice(0, firstRows);
  return (
    <>
      <ol className="needs-elements" aria-label="Guarded elements">
        {shown.map((row) => (
          <Row key={row.key} row={row} onJump={onJump} />
        ))}
      </ol>
      {rows.length > shown.length && (
        <button type="button" className="needs-plain" onClick={() => setLong(true)}>
          Show all {rows.length} elements
        </button>
      )}
      {isCapped && <p className="needs-quiet">The operation has more guarded elements. They are not listed.</p>}
    </>
  );
}

const Row = memo(function Row({
  row: { element, others },
  onJump,
}: {
  readonly row: ElementRow;
  readonly onJump: (element: ExplainedElement) => void;
}) {
  return (
    <li data-decision={others.length === 0 ? element.decision : strictest(others)}>
      <button type="button" className="needs-jump" onClick={() => onJump(element)}>
        <code>{element.coordinate}</code>
        {others.length === 0 && <Decision decision={element.decision} />}
        <span className="needs-quiet">line {element.line}</span>
      </button>
      {others.length > 0 && (
        <ul className="needs-others">
          {others.map(({ label, decision }, index) => (
            // Two callers may have one label.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <span className="needs-label">{label}</span> <Decision decision={decision} />
            </li>
          ))}
        </ul>
      )}
      <ul className="needs-rules">
        {element.rules.map((rule) => (
          <li key={`${rule.coordinate} ${rule.source}`}>
            <WordsOfRule text={ruleSentence(rule)} />
            {rule.coordinate !== element.coordinate && (
              <span className="needs-quiet">
                {' '}
                From <code>{rule.coordinate}</code>.
              </span>
            )}
            {missingOfRule(rule.missing) !== '' && (
              <span className="needs-missing"> Missing: {missingOfRule(rule.missing)}.</span>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
});

/** The sign and the words of a decision. */
export function Decision({ decision }: { readonly decision: RuleDecision }) {
  const { sign, words } = decisionWords(decision);
  return (
    <span className="needs-decision" data-decision={decision}>
      <span aria-hidden="true">{sign}</span> {words}
    </span>
  );
}
