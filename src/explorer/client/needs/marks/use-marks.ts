import { pick, useGraphiQL, useMonaco } from '@graphiql/react';
import { useEffect, useMemo } from 'react';
import type { editor } from 'monaco-editor';
import { useChoice } from '../../callers/use-callers.ts';
import { useNeeds } from '../hooks.ts';
import { escapeMarkdown, type Mark, marksOf } from './marks.ts';
import { createPlaces } from './places.ts';

/** Keeps the marks of the operation editor up to date. */
export function useMarks(): void {
  const { queryEditor, schema } = useGraphiQL(pick('queryEditor', 'schema'));
  const monaco = useMonaco(({ monaco }) => monaco);
  const { runsAs } = useChoice();
  const { answers, document, problem } = useNeeds();
  const drawn = useMemo(() => (queryEditor && monaco ? createDrawnMarks(queryEditor) : null), [queryEditor, monaco]);
  const elements = answers.find(({ callerId }) => callerId === runsAs[0]?.id)?.explanation.elements;
  const isStale = problem !== null;

  useEffect(() => {
    if (!drawn || !queryEditor || !monaco) return;
    if (!elements) {
      drawn.draw([]);
      return;
    }
    // While the text does not parse, the editor itself moves the marks of the last answer with the text.
    if (isStale || queryEditor.getValue() !== document) return;
    const stickiness = monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges;
    const marks = marksOf(createPlaces(document, schema ?? null), elements);
    drawn.draw(marks.map((mark) => decorationOf(mark, stickiness)));
  }, [drawn, queryEditor, monaco, schema, elements, document, isStale]);

  useEffect(() => {
    queryEditor?.getContainerDomNode().classList.toggle('needs-marks-stale', isStale);
  }, [queryEditor, isStale]);

  useEffect(() => {
    if (!queryEditor || !drawn) return undefined;
    const watch = queryEditor.onDidChangeModelContent(drawn.dropChanged);
    return () => watch.dispose();
  }, [queryEditor, drawn]);
}

/** Draws marks, and drops the marks whose text was changed or deleted. */
function createDrawnMarks(queryEditor: editor.IStandaloneCodeEditor) {
  const collection = queryEditor.createDecorationsCollection();
  let current: readonly { readonly decoration: editor.IModelDeltaDecoration; readonly text: string }[] = [];
  const textIn = (range: editor.IModelDeltaDecoration['range']): string =>
    queryEditor.getModel()?.getValueInRange(range) ?? '';
  return {
    draw(decorations: readonly editor.IModelDeltaDecoration[]): void {
      current = decorations.map((decoration) => ({ decoration, text: textIn(decoration.range) }));
      collection.set(decorations);
    },
    dropChanged(this: void): void {
      const ranges = collection.getRanges();
      // A new text of the whole editor has removed all decorations.
      const kept = current.flatMap(({ decoration, text }, index) => {
        const range = ranges[index];
        return range && textIn(range) === text ? [{ decoration: { ...decoration, range }, text }] : [];
      });
      if (kept.length === current.length) return;
      current = kept;
      collection.set(kept.map(({ decoration }) => decoration));
    },
  };
}

function decorationOf(
  { line, column, endColumn, decision, lines }: Mark,
  stickiness: editor.TrackedRangeStickiness,
): editor.IModelDeltaDecoration {
  return {
    range: { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn },
    options: {
      inlineClassName: `needs-mark needs-mark-${decision.toLowerCase()}`,
      hoverMessage: lines.map((text) => ({ value: escapeMarkdown(text), isTrusted: false, supportHtml: false })),
      stickiness,
    },
  };
}
