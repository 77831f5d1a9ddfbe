import { pick, useGraphiQL, useMonaco } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import type { editor } from 'monaco-editor';
import { useChoice, useNeeds } from '../hooks.ts';
import { escapeMarkdown, type Mark, marksOf } from './marks.ts';
import { createPlaces } from './places.ts';

/** Keeps the marks of the operation editor up to date. */
export function useMarks(): void {
  const { queryEditor, schema } = useGraphiQL(pick('queryEditor', 'schema'));
  const monaco = useMonaco(({ monaco }) => monaco);
  const { runsAs } = useChoice();
  const { answers, document, problem } = useNeeds();
  const marks = useRef<{ readonly of: object; readonly collection: editor.IEditorDecorationsCollection } | null>(null);
  const elements = answers.find(({ callerId }) => callerId === runsAs[0]?.id)?.explanation.elements;
  const isStale = problem !== null;

  useEffect(() => {
    if (!queryEditor || !monaco) return;
    if (marks.current?.of !== queryEditor) {
      marks.current = { of: queryEditor, collection: queryEditor.createDecorationsCollection() };
    }
    const { collection } = marks.current;
    if (!elements) {
      collection.clear();
      return;
    }
    // While the text does not parse, the editor itself moves the marks of the last answer with the text.
    if (isStale || queryEditor.getValue() !== document) return;
    const { TrackedRangeStickiness } = monaco.editor;
    collection.set(
      marksOf(createPlaces(document, schema ?? null), elements).map((mark) => ({
        range: {
          startLineNumber: mark.line,
          startColumn: mark.column,
          endLineNumber: mark.line,
          endColumn: mark.endColumn,
        },
        options: optionsOf(mark, TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges),
      })),
    );
  }, [queryEditor, monaco, schema, elements, document, isStale]);

  useEffect(() => {
    const container = queryEditor?.getContainerDomNode();
    container?.classList.toggle('needs-marks-stale', isStale);
  }, [queryEditor, isStale]);

  useEffect(() => {
    if (!queryEditor) return undefined;
    // A mark whose text was deleted has no width. It must not come back with the next character.
    const watch = queryEditor.onDidChangeModelContent(() => {
      const collection = marks.current?.collection;
      const ranges = collection?.getRanges() ?? [];
      if (ranges.length > 0 && ranges.every((range) => range.isEmpty())) collection?.clear();
    });
    return () => watch.dispose();
  }, [queryEditor]);
}

function optionsOf(
  { decision, lines }: Mark,
  stickiness: editor.TrackedRangeStickiness,
): editor.IModelDecorationOptions {
  return {
    inlineClassName: `needs-mark needs-mark-${decision.toLowerCase()}`,
    hoverMessage: lines.map((line) => ({ value: escapeMarkdown(line), isTrusted: false, supportHtml: false })),
    stickiness,
    overviewRuler: null,
  };
}
