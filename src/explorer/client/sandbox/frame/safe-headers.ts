/**
 * The headers that the frame may set, in lower case. They are the headers that pages of allowed origins may send
 * (`http/headers/cross-origin.ts`), and `Accept`.
 */
const passedOn: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'content-type',
  'dpop',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
]);

/** The longest value of a header, in characters. Servers refuse longer ones. */
const maxValueChars = 12_000;
const maxHeaders = 50;
/** The largest number of names that are shown to the person. */
const maxWithheld = 5;

/** The headers of an operation of the frame. */
export interface SafeHeaders {
  /** The headers that this page sends, with names in lower case. */
  readonly sent: Record<string, string>;
  /** The names of some headers that this page does not send. */
  readonly withheld: readonly string[];
}

/**
 * Returns the headers that this page sends for the frame. A header is dropped if its name is not in the list, if it
 * occurs twice, or if its value could end the header. `Content-Type` is always JSON: the server accepts nothing else.
 */
export function safeHeaders(headers: unknown): SafeHeaders {
  const sent = new Map<string, string>();
  const withheld = new Set<string>();
  const all = typeof headers === 'object' && headers !== null ? Object.entries(headers).slice(0, maxHeaders) : [];
  for (const [spelled, value] of all) {
    const name = spelled.trim().toLowerCase();
    const fits = passedOn.has(name) && typeof value === 'string' && value.length <= maxValueChars && isValue(value);
    if (fits && !sent.has(name)) sent.set(name, value.trim());
    else if (/^[\w-]{1,60}$/.test(name)) withheld.add(name);
  }
  if (sent.get('authorization') === '') sent.delete('authorization');
  sent.set('content-type', 'application/json');
  return { sent: Object.fromEntries(sent), withheld: [...withheld].slice(0, maxWithheld) };
}

/** Whether a text can be the value of a header: visible ASCII, spaces and tabs (RFC 9110 §5.5). */
function isValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}
