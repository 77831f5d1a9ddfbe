import { styleText } from 'node:util';

/** A parsed line of the log. */
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
 * Turns one line of the log into text for a person: time of day, level, message, and the other members with their
 * names. The stack of an error follows on separate lines. Control characters, and characters that reverse the direction
 * of the text, are escaped.
 *
 * The text has colours if standard output is a terminal with colours and `NO_COLOR` is not set.
 *
 * @param json - one line of the log: one JSON object
 */
export function readableLine(json: string): string {
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

/** Writes a time as local time of this machine. */
function timeOfDay(time: unknown): string {
  const date = new Date(String(time));
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part, 2));
  return `${hours}:${minutes}:${seconds}.${pad(date.getMilliseconds(), 3)}`;
}

function pad(part: number, digits: number): string {
  return String(part).padStart(digits, '0');
}

/** Writes a string of one word unchanged, and every other value as JSON. */
function inWords(value: unknown): string {
  return visible(typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
}

function visible(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function isLevel(name: string): name is keyof typeof colours {
  return Object.hasOwn(colours, name);
}
