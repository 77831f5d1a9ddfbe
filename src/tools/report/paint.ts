import { styleText } from 'node:util';

/** The colours of a report. */
export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Colours a text. */
export type Paint = (colour: Colour, text: string) => string;

/** The paint of a report that is not for a terminal. */
export const plain: Paint = (_colour, text) => text;

/** Makes the paint of a stream: colours on a terminal, except with `NO_COLOR`. Otherwise plain text. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (colour, text) => styleText(colour, text, { stream });
}
