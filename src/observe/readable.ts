import { styleText } from 'node:util';

/** What a line of the log holds, as it is parsed. */
type Line = Readonly<Record<string, unknown>>;

const colours = {
  fatal: 'red',
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'dim',
  trace: 'dim',
} as const;

/**
 * One line of the log as text for a person: time of day, level, message, then the other members by name, and the stack of an
 * error on lines of its own. Characters that would move the cursor or turn the text around are escaped.
 *
 * Colours are written where standard output is a terminal that shows them, and never with `NO_COLOR`.
 *
 * @param json the line as the log makes it, one JSON object
 */
export function readable(json: string): string {
  const { level, time, msg, err, ...others }: Line = JSON.parse(json);
  const name = String(level);
  const colour = isLevel(name) ? colours[name] : 'dim';
  const members = Object.entries(others).map(
    ([key, value]) => `${styleText('dim', `${visible(key)}=`)}${inWords(value)}`,
  );
  const head = [
    styleText('dim', timeOfDay(time)),
    styleText(colour, name.toUpperCase().padEnd(5)),
    visible(typeof msg === 'string' ? msg : ''),
  ];
  return `${[...head, ...members].join(' ')}\n${errorLines(err)}`;
}

function errorLines(err: unknown): string {
  if (typeof err !== 'object' || err === null) return '';
  const { type, message, stack }: { type?: unknown; message?: unknown; stack?: unknown } = err;
  const text = typeof stack === 'string' && stack !== '' ? stack : `${String(type)}: ${String(message)}`;
  return text
    .split('\n')
    .map((line) => `    ${visible(line.trim())}\n`)
    .join('');
}

/** Local time: the person looks at the clock of this machine. */
function timeOfDay(time: unknown): string {
  const date = new Date(String(time));
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2));
  return `${hours}:${minutes}:${seconds}.${pad(date.getMilliseconds(), 3)}`;
}

function pad(part: number, digits: number): string {
  return String(part).padStart(digits, '0');
}

/** Text of one word stands as it is, all else as JSON. */
function inWords(value: unknown): string {
  return visible(typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
}

function visible(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function isLevel(name: string): name is keyof typeof colours {
  return Object.hasOwn(colours, name);
}
