import { joined } from './incremental.ts';
import type { Reply } from '../endpoint.ts';

/** The limits of one request. */
export const limits = {
  timeMs: 10_000,
  /** The first event of a subscription must arrive in this time. */
  eventMs: 2_000,
  bytes: 16_777_216,
  /** The characters of the URL of a GET request. */
  url: 8_000,
} as const;

/** A reply that shows nothing. */
export function silent(message: string): Reply {
  return { data: null, errors: [message], ran: null };
}

/** Reads an answer in JSON, or in the parts of `multipart/mixed`. */
export async function readAnswer(response: Response): Promise<Reply> {
  const answer = joined();
  const boundary = /^multipart\/mixed.*;\s*boundary="?([^";]+)/i.exec(response.headers.get('content-type') ?? '')?.[1];
  const text = await boundedText(response);
  const parts = boundary === undefined ? [text] : partsOf(text, boundary);
  for (const part of parts) answer.add(JSON.parse(part));
  return answer.reply() ?? silent(`answered ${response.status} without a GraphQL answer`);
}

function partsOf(text: string, boundary: string): readonly string[] {
  return `\r\n${text}`
    .split(`\r\n--${boundary}`)
    .map((part) => part.split('\r\n\r\n').slice(1).join('\r\n\r\n').trim())
    .filter((part) => part !== '');
}

/**
 * Reads an event stream until it ends, or until `isEnough`.
 *
 * @param onEvent - gets the data of each event `next`. Returns whether it is enough
 */
export async function readEvents(response: Response, onEvent: (data: unknown) => boolean): Promise<void> {
  let rest = '';
  for await (const text of textsOf(response)) {
    const events = `${rest}${text}`.split(/\r?\n\r?\n/);
    rest = events.pop() ?? '';
    for (const event of events) {
      const field = (name: string) =>
        event
          .split(/\r?\n/)
          .flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []));
      const data = field('data').join('\n');
      if (field('event').includes('complete')) return;
      if (data !== '' && onEvent(JSON.parse(data))) return;
    }
  }
}

/** Reads a body of bounded size. */
export async function boundedText(response: Response): Promise<string> {
  let whole = '';
  for await (const text of textsOf(response)) whole += text;
  return whole;
}

async function* textsOf({ body }: Response): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > limits.bytes) throw new Error(`answered more than ${limits.bytes} bytes`);
    yield decoder.decode(chunk, { stream: true });
  }
}
