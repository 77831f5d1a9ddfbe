import { MarkdownContent } from '@graphiql/react';
import { Decision } from '../pane/elements.tsx';
import { WordsOfRule } from '../pane/words-of-rule.tsx';
import { ruleSentence } from '../words.ts';
import { strictest } from '../marks/marks.ts';
import { withoutRules } from './element-rules.ts';
import type { SchemaRule } from './schema-rules.ts';

/** The rules of an element: each in words, and whether the present caller meets them. */
export function RuleBadge({ rules, carrier }: { readonly rules: readonly SchemaRule[]; readonly carrier?: string }) {
  const enforced = rules.filter(({ shadow }) => !shadow);
  if (rules.length === 0) return null;
  return (
    <div className="needs-badge" data-decision={enforced.length > 0 ? strictest(enforced) : 'SHADOW'}>
      {enforced.length > 0 && (
        <>
          <span className="needs-quiet">This caller</span> <Decision decision={strictest(enforced)} />
          {'. '}
        </>
      )}
      {rules.map((rule, index) => (
        // Rules have no identity here beside their position.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index}>
          <WordsOfRule text={ruleSentence(rule)} />{' '}
        </span>
      ))}
      {carrier !== undefined && (
        <span className="needs-quiet">
          From the type <code>{carrier}</code>.
        </span>
      )}
    </div>
  );
}

/** A description, without the paragraph about the rules that the badge shows. */
export function Description({
  text,
  rules,
  coordinate,
  isPreview = false,
}: {
  readonly text: string | null | undefined;
  readonly rules: readonly SchemaRule[];
  readonly coordinate: string;
  readonly isPreview?: boolean;
}) {
  const description = withoutRules(text, rules, coordinate);
  if (description === '') return null;
  return (
    <MarkdownContent type="description" onlyShowFirstChild={isPreview}>
      {description}
    </MarkdownContent>
  );
}
