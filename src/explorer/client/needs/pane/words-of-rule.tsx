import { textParts } from '../words.ts';

/** The words of a rule. The parts between backticks are code. Everything is text, never markup. */
export function WordsOfRule({ text }: { readonly text: string }) {
  return textParts(text).map(
    ({ text, code }, index) =>
      // The parts have no identity beside their position.
      code ? <code key={index}>{text}</code> : <span key={index}>{text}</span>, // oxlint-disable-line react/no-array-index-key
  );
}
